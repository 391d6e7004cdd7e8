"""Keys of people in tests: a P-256 key with the certificate that the house issued for it."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from ledger import cms
from trading import authority, enrolment
from trading.models import Account


def request_for(key: ec.EllipticCurvePrivateKey) -> str:
    """A signing request in PEM that proves possession of `key`."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(authority.name_of("me"))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True)
class Pen:
    """What somebody signs with."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def sign(self, data: bytes) -> bytes:
        """A detached CMS signature."""
        return cms.sign(data, self.certificate, self.key)


def pen_of(account: Account) -> Pen:
    """Enrol a fresh key for `account`."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Pen(enrolment.enrol(account, request_for(key), actor=account.actor), key)
