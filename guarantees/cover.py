"""Pure. A cover: the signed promise, or the signed statement of money received, that stands behind one bid.

Enters: terms, and the issuer's certificate and key. Leaves: cover bytes, which the bidder seals to a key of one use and
lodges; the key travels in the bid, so nobody reads whose cover it is before the bid is open (domain.md 7.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from ledger import cms
from ledger.canon import Malformed, Places, decode, encode, record
from ledger.errors import Reason, Refused, _

GUARANTEE = "guarantee"  # an independent promise to pay on demand (bank guarantee, surety, insurance)
DEPOSIT = "deposit"  # money received from the bidder's basic account


@record("sunlight.terms/1")
class Terms:
    """What is promised: amounts in yuan; `account` and `rate` (percent a year) only for a deposit."""

    kind: str
    number: str
    lot: str
    round: int
    beneficiary: str
    bidder: str
    issuer: str
    amount: Annotated[Decimal, Places(2)]
    since: datetime
    until: datetime
    account: str | None
    rate: Annotated[Decimal, Places(4)] | None


@record("sunlight.cover/1")
class Signed:
    """Terms as bytes, with the issuer's detached CMS signature over them."""

    terms: bytes
    signature: bytes


@dataclass(frozen=True)
class Cover:
    """A cover as read: its terms and the certificate that signed them."""

    terms: Terms
    certificate: x509.Certificate


def issue(terms: Terms, certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> bytes:
    """The cover bytes for `terms`, signed by the issuer."""
    data = encode(terms)
    return encode(Signed(data, cms.sign(data, certificate, key)))


def read(cover: bytes, roots: Iterable[x509.Certificate], at: datetime) -> Cover:
    """The cover in `cover` if a trusted certificate signed it; `Refused` cover.malformed or signature.*."""
    try:
        signed = decode(Signed, cover)
        terms = decode(Terms, signed.terms)
    except Malformed:
        raise Refused(Reason("cover.malformed", _("This is not a guarantee or deposit statement."))) from None
    return Cover(terms, cms.verify(signed.terms, signed.signature, roots, at))
