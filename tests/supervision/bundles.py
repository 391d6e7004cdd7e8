"""What a verifier has before it: both bundles of a tender, and what it holds of its own."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.bundle import Leaf
from supervision.verifier.trust import Trust


@dataclass(frozen=True)
class Bundles:
    """Both bundles of one tender, and what a verifier holds of its own.

    `early` is the public bundle from before the deadline; `strangers` what the same log holds about another tender,
    with proofs under the same checkpoint; `receipts` are all that were given, as files.
    """

    public: bytes
    regulators: bytes
    trust: Trust
    log_key: str
    roots: str
    early: bytes = b""
    strangers: tuple[Leaf, ...] = ()
    receipts: tuple[str, ...] = ()
