"""Pure. CMS detached signatures (RFC 5652) with P-256 certificates: manifests, sheets, receipts, records, reports.

Enters: data, a certificate and its key. Leaves: DER that `openssl cms -verify` checks; and, reading, the signer's
certificate if the signature holds and a trusted root vouches for it at the given instant. The signed bytes are the data
as they lie; nothing is canonicalised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from ledger.errors import Reason, Refused, _

LONGEST = 65_536


def sign(data: bytes, certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> bytes:
    """A detached, binary CMS signature over `data`, DER, carrying the certificate."""
    builder = PKCS7SignatureBuilder().set_data(data).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER, hex."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def _bad(word: str, text: str) -> Refused:
    return Refused(Reason(f"signature.{word}", text))


@dataclass(frozen=True)
class _Signed:
    """What a signature says, taken out of its lazily parsed form."""

    certificate: x509.Certificate
    algorithm: str
    digests: list[bytes]
    kinds: list[str]
    attributes: bytes
    signature: bytes


UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, x509.InvalidVersion)


def _parse(signature: bytes) -> _Signed:
    if len(signature) > LONGEST:
        raise _bad("malformed", _("The signature is not a CMS signature."))
    try:
        return _take_apart(asn1.ContentInfo.load(signature, strict=True))
    except UNREADABLE:  # asn1crypto parses on access and raises whatever it meets
        raise _bad("malformed", _("The signature is not a CMS signature.")) from None


def _take_apart(content: asn1.ContentInfo) -> _Signed:
    signed = content["content"]
    (info,) = signed["signer_infos"]
    if content["content_type"].native != "signed_data" or signed["encap_content_info"]["content"].native is not None:
        raise ValueError
    wanted = info["sid"].chosen
    (certificate,) = (
        choice.chosen
        for choice in signed["certificates"]
        if choice.chosen.issuer == wanted["issuer"] and choice.chosen.serial_number == wanted["serial_number"].native
    )
    attributes = {item["type"].native: item["values"] for item in info["signed_attrs"]}
    return _Signed(
        x509.load_der_x509_certificate(certificate.dump()),
        info["digest_algorithm"]["algorithm"].native,
        [value.native for value in attributes["message_digest"]],
        [value.native for value in attributes["content_type"]],
        info["signed_attrs"].untag().dump(),
        info["signature"].native,
    )


def _p256(certificate: x509.Certificate) -> EllipticCurvePublicKey:
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        key = None  # a kind of key nobody here knows
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise _bad("algorithm", _("Signatures are made with P-256 keys."))
    return key


def _check_signature(data: bytes, signed: _Signed) -> None:
    key = _p256(signed.certificate)
    if signed.algorithm != "sha256" or signed.kinds != ["data"]:
        raise _bad("algorithm", _("Signatures are made with SHA-256."))
    if signed.digests != [hashlib.sha256(data).digest()]:
        raise _bad("other_data", _("The signature belongs to other data."))
    try:
        key.verify(signed.signature, signed.attributes, ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise _bad("wrong", _("The signature does not hold.")) from None


def certificate_in(signature: bytes) -> x509.Certificate:
    """The certificate that a signature carries for its signer, whatever it is worth. Refused signature.malformed."""
    return _parse(signature).certificate


def issued_by(certificate: x509.Certificate, roots: Iterable[x509.Certificate], at: datetime) -> bool:
    """Whether one of `roots` signed `certificate` and both are valid at `at`."""
    for root in roots:
        if not root.not_valid_before_utc <= at <= root.not_valid_after_utc:
            continue
        try:
            certificate.verify_directly_issued_by(root)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return False


def verify(data: bytes, signature: bytes, roots: Iterable[x509.Certificate], at: datetime) -> x509.Certificate:
    """The signer's certificate if `signature` holds over `data` and a root vouches for it at `at`.

    Raises `Refused` signature.malformed, .algorithm, .other_data, .wrong, .untrusted.
    """
    signed = _parse(signature)
    _check_signature(data, signed)
    certificate = signed.certificate
    if not issued_by(certificate, roots, at):
        raise _bad("untrusted", _("The signer's certificate is not trusted, or not valid at this time."))
    return certificate
