"""Pure. What the verifier trusts: its own copy of the log's key, of certificate roots, of holidays. Never the bundle's.

Enters: values read from the verifier's own files. Leaves: `Trust`, which the checks ask who signed what.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from bidding.custody.signed_sheet import credit_code_of
from ledger import cms, note
from ledger.errors import Broken, Refused, _
from ledger.witness.policy import Policy
from trading.holidays import HolidayTable
from trading.procedures.procedure import Procedure

SEQUENCE = b"\x30"  # how every DER of a signature begins


@dataclass(frozen=True)
class LogKey:
    """The log's name (its origin) and its Ed25519 public key, 32 bytes."""

    name: str
    public: bytes


@dataclass(frozen=True)
class Signer:
    """Who signed: SHA-256 of the certificate, and the credit code in it ("" for a person without organisation)."""

    fingerprint: bytes
    credit_code: str


@dataclass(frozen=True)
class Trust:
    """What is known beforehand. `procedures` by code; `holidays` the table by which periods are counted.

    `policy` says whose cosignatures count, `timestamp_roots` vouch for timestamp authorities; None: not asked about.
    `receipts` are the texts of receipt files that the verifier holds of its own.
    """

    log: LogKey
    roots: tuple[x509.Certificate, ...]
    procedures: Mapping[str, Procedure]
    holidays: HolidayTable
    policy: Policy | None = None
    timestamp_roots: tuple[x509.Certificate, ...] | None = None
    receipts: tuple[str, ...] = ()
    _known: dict[bytes, Signer] = field(default_factory=dict, repr=False, compare=False)
    _ends: dict[bytes, datetime] = field(default_factory=dict, repr=False, compare=False)
    _named: dict[bytes, bytes] = field(default_factory=dict, repr=False, compare=False)

    def signer(self, data: bytes, signature: bytes, at: datetime) -> Signer:
        """Who signed `data`, by a certificate that one of the roots issued and that was valid at `at`.

        Refused signature.*. The same question is not worked out twice.
        """
        asked = hashlib.sha256(hashlib.sha256(data).digest() + signature + at.isoformat().encode()).digest()
        if asked not in self._known:
            found = cms.verify(data, signature, self.roots, at)
            self._known[asked] = Signer(bytes.fromhex(cms.fingerprint(found)), credit_code_of(found))
        return self._known[asked]

    def named_in(self, signature: bytes) -> bytes:
        """SHA-256 of the certificate in a signature, whether or not it holds; b"" when this is no signature."""
        if signature[:1] != SEQUENCE:
            return b""
        asked = hashlib.sha256(signature).digest()
        if asked not in self._named:
            try:
                found = cms.certificate_in(signature)
                self._named[asked] = bytes.fromhex(cms.fingerprint(found))
                self._ends[self._named[asked]] = found.not_valid_after_utc
            except Refused:
                self._named[asked] = b""
        return self._named[asked]

    def end_of(self, fingerprint: bytes) -> datetime | None:
        """Until when a certificate is valid that `named_in` has found in a signature; None when it has not."""
        return self._ends.get(fingerprint)


def read_log_key(text: str) -> LogKey:
    """The key in the `name+hash+base64` form of C2SP signed-note; `Broken` when it is anything else."""
    name, _mark, rest = text.strip().partition("+")
    identity, _mark, blob = rest.partition("+")
    try:
        raw = base64.b64decode(blob, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 33 or raw[:1] != note.ED25519 or note.key_id(name, raw[1:]).hex() != identity:
        raise Broken(_("this is no key of a log; it is written name+hash+key"))
    return LogKey(name, raw[1:])
