"""The guarantor's and the bidder's side of a cover, without Django and without the site: issue, and seal.

`python -m guarantees.client issue` signs terms; the bidder's client seals the cover to a key of one use and keeps that
key for its bid package.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from guarantees.cover import DEPOSIT, GUARANTEE, Terms, issue
from ledger.errors import SunlightError, _, refused


def load_signer(path: Path) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    """Certificate and P-256 key from one PEM file."""
    data = path.read_bytes()
    key = load_pem_private_key(data, None)
    if not isinstance(key, EllipticCurvePrivateKey):
        refused("cover.key", _("Covers are signed with a P-256 key."))
    return x509.load_pem_x509_certificate(data), key


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m guarantees.client", description="issue a guarantee for one bid")
    parser.add_argument("command", choices=["issue"])
    for name in ("number", "lot", "beneficiary", "bidder", "issuer"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--kind", choices=[GUARANTEE, DEPOSIT], default=GUARANTEE)
    parser.add_argument("--round", type=int, default=1)
    parser.add_argument("--amount", type=Decimal, required=True, help="yuan")
    parser.add_argument("--since", type=datetime.fromisoformat, required=True)
    parser.add_argument("--until", type=datetime.fromisoformat, required=True)
    parser.add_argument("--account", help="the account a deposit came from")
    parser.add_argument("--rate", type=Decimal, help="percent a year, for a deposit")
    parser.add_argument("--signer", type=Path, required=True, help="PEM file with certificate and key")
    parser.add_argument("--out", type=Path, required=True)
    return parser


def main(arguments: list[str]) -> int:
    """Issue a cover; 0, or 1 with one line on standard error."""
    given = _parser().parse_args(arguments)
    try:
        terms = Terms(
            given.kind, given.number, given.lot, given.round, given.beneficiary, given.bidder, given.issuer,
            given.amount, given.since, given.until, given.account, given.rate,
        )  # fmt: skip
        given.out.write_bytes(issue(terms, *load_signer(given.signer)))
    except (SunlightError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
