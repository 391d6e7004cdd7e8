"""Pure. CMS detached signatures (RFC 5652) with P-256 certificates: manifests, sheets, receipts, records, reports.

Enters: data, a certificate and its key. Leaves: DER that `openssl cms -verify` checks; and, reading, the signer's
certificate if the signature holds and a trusted root vouches for it at the given instant. The signed bytes are the data
as they lie; nothing is canonicalised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
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


def _signed_data(signature: bytes) -> asn1.SignedData:
    if len(signature) > LONGEST:
        raise _bad("malformed", _("The signature is not a CMS signature."))
    try:
        content = asn1.ContentInfo.load(signature, strict=True)
        signed = content["content"] if content["content_type"].native == "signed_data" else None
        if signed and len(signed["signer_infos"]) == 1 and signed["encap_content_info"]["content"].native is None:
            return signed
    except (ValueError, TypeError, KeyError):
        pass
    raise _bad("malformed", _("The signature is not a CMS signature."))


def _certificate(signed: asn1.SignedData) -> x509.Certificate:
    wanted = signed["signer_infos"][0]["sid"].chosen
    try:
        for choice in signed["certificates"]:
            found = choice.chosen
            if found.issuer == wanted["issuer"] and found.serial_number == wanted["serial_number"].native:
                return x509.load_der_x509_certificate(found.dump())
    except (ValueError, TypeError, KeyError):
        raise _bad("malformed", _("The signature is not a CMS signature.")) from None
    raise _bad("malformed", _("The signature does not carry the signer's certificate."))


def _check_signature(data: bytes, info: asn1.SignerInfo, certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise _bad("algorithm", _("Signatures are made with P-256 keys."))
    attributes = {item["type"].native: item["values"] for item in info["signed_attrs"]}
    try:
        stated = attributes["message_digest"][0].native
        right_kind = attributes["content_type"][0].native == "data" and len(attributes["message_digest"]) == 1
        if info["digest_algorithm"]["algorithm"].native != "sha256" or not right_kind:
            raise _bad("algorithm", _("Signatures are made with SHA-256."))
        if stated != hashlib.sha256(data).digest():
            raise _bad("other_data", _("The signature belongs to other data."))
        key.verify(info["signature"].native, info["signed_attrs"].untag().dump(), ECDSA(hashes.SHA256()))
    except (InvalidSignature, KeyError, ValueError):
        raise _bad("wrong", _("The signature does not hold.")) from None


def issued_by(certificate: x509.Certificate, roots: Iterable[x509.Certificate], at: datetime) -> bool:
    """Whether one of `roots` signed `certificate` and both are valid at `at`."""
    for root in roots:
        if not root.not_valid_before_utc <= at <= root.not_valid_after_utc:
            continue
        try:
            certificate.verify_directly_issued_by(root)
        except (InvalidSignature, ValueError, TypeError):
            continue
        return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return False


def verify(data: bytes, signature: bytes, roots: Iterable[x509.Certificate], at: datetime) -> x509.Certificate:
    """The signer's certificate if `signature` holds over `data` and a root vouches for it at `at`.

    Raises `Refused` signature.malformed, .algorithm, .other_data, .wrong, .untrusted.
    """
    signed = _signed_data(signature)
    certificate = _certificate(signed)
    _check_signature(data, signed["signer_infos"][0], certificate)
    if not issued_by(certificate, roots, at):
        raise _bad("untrusted", _("The signer's certificate is not trusted, or not valid at this time."))
    return certificate
