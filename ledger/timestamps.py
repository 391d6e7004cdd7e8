"""Pure. RFC 3161 timestamps from the asking side: the request, and the check of the answer.

Enters: the bytes that a timestamp is about; the answer of an authority (a TimeStampResp in DER: the whole of it is kept
and given out, so that `openssl ts -verify` reads it); certificates of authorities that are trusted. Leaves: the
request; and the instant of a token whose signature, purpose, certificate and digest hold. A timestamp is the word of
somebody who is not the platform that these bytes existed then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import rfc3161_client
from cryptography import x509
from rfc3161_client.base import HashAlgorithm

from ledger.errors import Reason, Refused, _

LONGEST = 65_536
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True)
class Question:
    """What is sent to an authority, and the nonce that its answer must repeat."""

    query: bytes
    nonce: int | None


def ask(data: bytes) -> Question:
    """A request for a timestamp over SHA-256 of `data`, with a nonce, certificate wanted."""
    builder = rfc3161_client.TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.cert_request(cert_request=True).build()
    return Question(request.as_bytes(), request.nonce)


def _bad(word: str, text: str) -> Refused:
    return Refused(Reason(f"timestamp.{word}", text))


def check(response: bytes, data: bytes, roots: Iterable[x509.Certificate], nonce: int | None = None) -> datetime:
    """The instant of the token in `response` if it holds over `data` and one of `roots` vouches for the authority.

    Raises `Refused` timestamp.malformed, .rejected, .wrong.
    """
    builder = rfc3161_client.VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        read = rfc3161_client.decode_timestamp_response(response if len(response) <= LONGEST else b"")
    except ValueError:
        raise _bad("malformed", _("This is not the answer of a timestamp authority.")) from None
    if read.status not in {0, 1}:
        raise _bad("rejected", _("The timestamp authority gave no timestamp."))
    try:
        builder.build().verify_message(read, data)
        at = read.tst_info.gen_time
    except (ValueError, rfc3161_client.VerificationError):
        text = _("The timestamp does not hold: it is over other data, or not from a trusted authority.")
        raise _bad("wrong", text) from None
    return at
