"""Pure. The answering side of RFC 3161: a small timestamp authority for the embedded mode.

Enters: a TimeStampReq in DER, the authority's certificate (its one purpose timeStamping, marked critical) and P-256
key, an instant, a serial number. Leaves: a TimeStampResp in DER, granted or rejected with its reason, that
`openssl ts -verify` checks. The authority sees a digest and nothing else.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from asn1crypto import algos, core, tsp
from asn1crypto import cms as asn1
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

POLICY = "2.25.239813770093452165318446203764312517821"  # of our own, made from a UUID (X.667): "a clock read, no more"
LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}
LONGEST = 4096
SECONDS = 1  # the accuracy that is stated


class _UnfitError(Exception):
    """A request that is rejected, with the word of RFC 3161 for it."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def respond(
    query: bytes, certificate: x509.Certificate, key: EllipticCurvePrivateKey, at: datetime, serial: int
) -> bytes:
    """The answer to `query`: a token with the time `at`, or a rejection. `serial` is used once by this authority."""
    try:
        asked = _read(query)
    except _UnfitError as unfit:
        return _rejection(unfit.word)
    token = _token(asked, certificate, key, at, serial)
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def _rejection(word: str) -> bytes:
    """A TimeStampResp with a status alone; asn1crypto's own wants a token in each."""
    status = bytes(tsp.PKIStatusInfo({"status": "rejection", "fail_info": {word}}).dump())
    return b"\x30" + bytes([len(status)]) + status  # always shorter than 128 bytes


def _read(query: bytes) -> tsp.TimeStampReq:
    try:
        asked = tsp.TimeStampReq.load(query if len(query) <= LONGEST else b"", strict=True)
        imprint = asked["message_imprint"]
        name, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        facts = (asked["version"].native, asked["req_policy"].native, asked["extensions"].native, asked["nonce"].native)
    except (ValueError, TypeError, KeyError):
        raise _UnfitError("bad_data_format") from None
    if name not in LENGTHS:
        raise _UnfitError("bad_alg")
    if facts[0] != "v1" or len(digest) != LENGTHS[name]:
        raise _UnfitError("bad_data_format")
    if facts[1] not in {None, POLICY}:
        raise _UnfitError("unaccepted_policy")
    if facts[2] is not None:
        raise _UnfitError("unaccepted_extensions")
    return asked


def _info(asked: tsp.TimeStampReq, at: datetime, serial: int) -> bytes:
    facts = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": serial,
        "gen_time": at,
        "accuracy": {"seconds": SECONDS},
    }
    if asked["nonce"].native is not None:
        facts["nonce"] = asked["nonce"].native
    return bytes(tsp.TSTInfo(facts).dump())


def _token(
    asked: tsp.TimeStampReq, certificate: x509.Certificate, key: EllipticCurvePrivateKey, at: datetime, serial: int
) -> asn1.ContentInfo:
    info, der = _info(asked, at, serial), certificate.public_bytes(Encoding.DER)
    shown = asn1_x509.Certificate.load(der)
    attributes = _attributes(info, der)
    signer = {
        "version": "v1",
        "sid": asn1.SignerIdentifier({"issuer_and_serial_number": {
            "issuer": shown.issuer, "serial_number": shown.serial_number,
        }}),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": key.sign(attributes.dump(), ECDSA(hashes.SHA256())),
    }  # fmt: skip
    signed: dict[str, Any] = {
        "version": "v3",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if asked["cert_req"].native:
        signed["certificates"] = [asn1.CertificateChoices({"certificate": shown})]
    return asn1.ContentInfo({"content_type": "signed_data", "content": asn1.SignedData(signed)})


def _attributes(info: bytes, certificate: bytes) -> asn1.CMSAttributes:
    """What is signed: the kind and digest of the token's content, and which certificate signs (RFC 5816)."""
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(certificate).digest()}]})
    return asn1.CMSAttributes(
        [
            asn1.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            asn1.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}),
            asn1.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(info).digest()]}),
        ]
    )
