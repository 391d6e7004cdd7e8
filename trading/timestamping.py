"""Timestamps for what the platform gives out: from the authority at TSA_URL, or from the built-in one.

Enters: bytes. Leaves: a timestamp authority's answer over them (RFC 3161), checked. The built-in authority is for the
embedded mode: its key and certificate (issued by the built-in certificate authority, purpose timeStamping alone) lie in
`var/secrets/timestamps.pem`. Its word is the platform's own; a centre names another's: TSA_URL, and TSA_CERTIFICATES,
a PEM file of the certificates that vouch for it.
"""

from __future__ import annotations

import http.client
import os
import secrets
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings

from ledger import clock, cms, timestamps
from ledger.errors import Broken, Reason, Refused, _
from ledger.timestamp_authority import respond
from trading import authority

NAME = "Sunlight timestamps"
TIMEOUT = 10.0  # seconds
SERIAL_BITS = 128
UNREACHABLE = Reason("timestamp.unreachable", _("The timestamp authority cannot be reached."))


@dataclass(frozen=True)
class Stamped:
    """A timestamp: the authority's whole answer, and the instant in it."""

    token: bytes
    at: datetime


def stamp(data: bytes) -> Stamped:
    """A timestamp over `data`, checked. Refused `timestamp.unreachable`, `.malformed`, `.rejected`, `.wrong`."""
    question = timestamps.ask(data)
    token = _fetch(settings.TSA_URL, question.query) if settings.TSA_URL else answer(question.query)
    return Stamped(token, timestamps.check(token, data, roots(), question.nonce))


def roots() -> tuple[x509.Certificate, ...]:
    """The certificates that vouch for the authority whose timestamps are taken; the house's own where none is named."""
    if settings.TSA_CERTIFICATES:
        return tuple(x509.load_pem_x509_certificates(Path(settings.TSA_CERTIFICATES).read_bytes()))
    return (authority.built_in().certificate,)


def roots_pem() -> str:
    """The same in PEM, for `openssl ts -verify -CAfile`."""
    return "".join(root.public_bytes(Encoding.PEM).decode() for root in roots())


def _fetch(url: str, query: bytes) -> bytes:
    request = urllib.request.Request(url, query, {"Content-Type": timestamps.QUERY})  # noqa: S310  set by the operator
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as reply:  # noqa: S310
            if reply.status != HTTPStatus.OK:
                raise Refused(UNREACHABLE)
            data: bytes = reply.read(timestamps.LONGEST + 1)
            return data
    except (OSError, ValueError, http.client.HTTPException):
        raise Refused(UNREACHABLE) from None


def answer(query: bytes) -> bytes:
    """What the built-in authority answers to a TimeStampReq, by the clock of the house."""
    at = clock.now()
    key, certificate = _own(at)
    return respond(query, certificate, key, at, secrets.randbits(SERIAL_BITS) | 1)


def _own(at: datetime) -> tuple[EllipticCurvePrivateKey, x509.Certificate]:
    """Key and certificate of the built-in authority, made when there are none that are valid at `at`."""
    path = Path(settings.SECRETS_DIR) / "timestamps.pem"
    found = _load(path) if path.exists() else None
    if found is not None and cms.issued_by(found[1], [authority.built_in().certificate], at):
        return found
    key = found[0] if found is not None else generate_private_key(SECP256R1())
    made = _certificate(key.public_key(), at)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    beside = path.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    beside.replace(path)
    return key, made


def _load(path: Path) -> tuple[EllipticCurvePrivateKey, x509.Certificate]:
    pem = path.read_bytes()
    key = load_pem_private_key(pem, None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise Broken("the key for timestamps is not P-256")
    return key, x509.load_pem_x509_certificate(pem)


def _certificate(key: EllipticCurvePublicKey, at: datetime) -> x509.Certificate:
    house = authority.built_in()
    builder = (
        x509.CertificateBuilder()
        .subject_name(authority.name_of(NAME))
        .issuer_name(house.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - authority.EARLY)
        .not_valid_after(at + authority.LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return builder.sign(house.key, hashes.SHA256())
