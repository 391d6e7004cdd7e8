"""The built-in certificate authority of the embedded mode, and the trust list.

Enters: a certificate signing request (P-256). Leaves: a certificate. The authority's key and certificate live in
`var/secrets/` (0600), made once; SUNLIGHT_TRUST names a PEM file of further authorities that are trusted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from ledger.errors import Broken, Reason, Refused, _

CA_LASTS = timedelta(days=3650)
LASTS = timedelta(days=730)
EARLY = timedelta(days=1)
# The demo's clock stands in 2026 whatever the date is: the authority is valid around both.
CA_FROM = datetime.fromisoformat("2025-01-01T00:00:00+08:00")


@dataclass(frozen=True)
class Authority:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def name_of(common: str, organisation: str = "", serial: str = "") -> x509.Name:
    """A subject: the person or body, its organisation, its credit code."""
    parts = [
        (NameOID.COMMON_NAME, common[:64]),
        (NameOID.ORGANIZATION_NAME, organisation[:64]),
        (NameOID.SERIAL_NUMBER, serial),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _builder(subject: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime, end: datetime,
             *, authority: bool) -> x509.CertificateBuilder:  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
    )


def issue(authority: Authority, subject: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime) -> x509.Certificate:
    """A certificate for `key`, valid for two years from a day before `at`."""
    builder = _builder(subject, key, at - EARLY, at + LASTS, authority=False)
    return builder.issuer_name(authority.certificate.subject).sign(authority.key, hashes.SHA256())


def new_authority() -> Authority:
    """A self-signed authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = name_of("Sunlight built-in authority")
    builder = _builder(subject, key.public_key(), CA_FROM, CA_FROM + CA_LASTS, authority=True)
    return Authority(builder.issuer_name(subject).sign(key, hashes.SHA256()), key)


def _load(path: Path) -> Authority:
    data = path.read_bytes()
    key = load_pem_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Broken("the authority's key is not P-256")
    return Authority(x509.load_pem_x509_certificate(data), key)


@cache
def built_in() -> Authority:
    """The authority in `var/secrets/authority.pem`, made on first use; two makers agree on the first file."""
    path = Path(settings.SECRETS_DIR) / "authority.pem"
    if not path.exists():
        made = new_authority()
        pem = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        beside = path.with_suffix(f".{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem + made.certificate.public_bytes(Encoding.PEM))
        try:
            os.link(beside, path)
        except FileExistsError:
            pass  # the other process was faster, its file counts
        finally:
            beside.unlink()
    return _load(path)


@cache
def roots() -> tuple[x509.Certificate, ...]:
    """Every authority that is trusted: the built-in one and those of SUNLIGHT_TRUST."""
    named = settings.SUNLIGHT_TRUST
    further = x509.load_pem_x509_certificates(Path(named).read_bytes()) if named else []
    return (built_in().certificate, *further)


def roots_pem() -> str:
    """All trusted authorities in PEM, one after the other."""
    return "".join(root.public_bytes(Encoding.PEM).decode() for root in roots())


def read_request(pem: str) -> ec.EllipticCurvePublicKey:
    """The public key of a signing request that proves possession; `Refused` certificate.request otherwise."""
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        key = request.public_key()
        if request.is_signature_valid and isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1":
            return key
    except (ValueError, TypeError):
        pass
    raise Refused(Reason("certificate.request", _("This is not a signing request for a P-256 key.")))
