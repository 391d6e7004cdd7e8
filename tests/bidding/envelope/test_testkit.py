"""The public test vectors of age v1: each must come out as it states."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass

import pytest

from bidding.envelope.age import Unwraps, decrypt
from bidding.envelope.identity import known_identities
from bidding.envelope.scrypt import Passphrase
from ledger.errors import Refused
from tests.shared import SHARED, shared_data

NAMES = sorted(path.name for path in (SHARED / "age_testkit").glob("*")) or ["x25519"]
HEADER_CODES = {
    "bidding.not_age",
    "bidding.crlf",
    "bidding.header_cut",
    "bidding.stanza_words",
    "bidding.stanza_body",
    "bidding.base64",
    "bidding.mac_line",
    "bidding.x25519_stanza",
    "bidding.low_order",
    "bidding.point",
    "bidding.scrypt_stanza",
    "bidding.scrypt_alone",
    "bidding.scrypt_work",
    "bidding.payload_nonce",
}
OUTCOMES = {
    "success": {"success"},
    "header failure": HEADER_CODES,
    "armor failure": {"bidding.armor"},
    "payload failure": {"bidding.payload_cut", "bidding.payload_changed", "bidding.payload_after_end"},
    "HMAC failure": {"bidding.mac_wrong"},
    "no match": {"bidding.no_match"},
}


@dataclass(frozen=True)
class Vector:
    """What a vector file states, and the file."""

    expect: str
    payload: str | None
    identities: list[Unwraps]
    file: bytes


def read_vector(name: str) -> Vector:
    head, _, file = (shared_data("age_testkit") / name).read_bytes().partition(b"\n\n")
    facts = [line.split(": ", 1) for line in head.decode().splitlines()]
    keys = "\n".join(value for key, value in facts if key == "identity")
    identities: list[Unwraps] = [*known_identities(keys.encode())] if keys else []
    identities += [Passphrase(value) for key, value in facts if key == "passphrase"]
    known = dict(facts)
    if known.get("compressed") == "zlib":
        file = zlib.decompress(file)
    return Vector(known["expect"], known.get("payload"), identities, file)


def expected(name: str, vector: Vector) -> str:
    """Hybrid recipients are none of ours: nobody opens them, unless an X25519 stanza is spoilt."""
    if "hybrid" in name and name != "hybrid_x25519_arg":
        return "no match"
    return vector.expect


def outcome(vector: Vector) -> tuple[str, str]:
    """Code of the refusal or `success`, and the digest of what came out."""
    sink = io.BytesIO()
    code = "success"
    try:
        decrypt(io.BytesIO(vector.file), sink, vector.identities)
    except Refused as refusal:
        [code] = refusal.codes
    return code, hashlib.sha256(sink.getvalue()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_each_vector_comes_out_as_it_states(name: str) -> None:
    vector = read_vector(name)
    code, digest = outcome(vector)
    assert code in OUTCOMES[expected(name, vector)]
    if code in OUTCOMES["success"] | OUTCOMES["payload failure"]:
        assert digest == vector.payload


def test_all_vectors_are_there() -> None:
    assert len(list(shared_data("age_testkit").iterdir())) == 96
