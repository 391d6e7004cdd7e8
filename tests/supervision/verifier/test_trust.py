"""What is trusted: who signed, under which certificate, until when; and how a log's key is written."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from ledger import note
from ledger.errors import Broken, Refused
from supervision.verifier.belonging import SEALED
from supervision.verifier.case import Case, Happened
from supervision.verifier.trust import LogKey, Signer, Trust, read_log_key
from tests.supervision.verifier.saved import case_of, saved

NAME, RAW = "sunlight.invalid/log", bytes(range(32))


@pytest.fixture
def case() -> Case:
    return case_of("whole")


@pytest.fixture
def trust() -> Trust:
    return replace(saved("whole").trust, _known={}, _ends={}, _named={})


def sheet(case: Case) -> tuple[Happened, bytes, bytes]:
    """A sheet's entry, what was signed, and the first signature under it."""
    entry = case.all(SEALED)[0]
    return entry, entry["sheet"], entry["signatures"][0].signature


def test_a_signer_is_named_by_certificate_and_credit_code(case: Case, trust: Trust) -> None:
    entry, data, signature = sheet(case)
    leaf = next(one for one in case.all("bidding:key:registered") if one["label"] == entry["signatures"][0].label)
    found = trust.signer(data, signature, entry.at)
    assert found == Signer(leaf["certificate"], leaf["holder"])
    assert trust.signer(data, signature, entry.at) is found


def test_another_question_is_another_answer(case: Case, trust: Trust) -> None:
    entry, data, signature = sheet(case)
    trust.signer(data, signature, entry.at)
    other = entry["signatures"][1].signature
    assert trust.signer(data, other, entry.at) != trust.signer(data, signature, entry.at)
    for asked in ((data + b"x", signature, entry.at), (data, signature, entry.at - timedelta(days=9999)),
                  (data, signature[:-1] + bytes([signature[-1] ^ 1]), entry.at)):  # fmt: skip
        with pytest.raises(Refused):
            trust.signer(*asked)
    with pytest.raises(Refused) as caught:
        replace(trust, roots=(), _known={}).signer(data, signature, entry.at)
    assert caught.value.codes == ["signature.untrusted"]


def test_a_certificate_in_a_signature_is_named_with_its_end(case: Case, trust: Trust) -> None:
    entry, data, signature = sheet(case)
    signer = trust.signer(data, signature, entry.at)
    assert trust.end_of(signer.fingerprint) is None
    assert [trust.named_in(signature), trust.named_in(signature)] == [signer.fingerprint] * 2
    end = trust.end_of(signer.fingerprint)
    assert end is not None
    assert entry.at < end < entry.at + timedelta(days=9999)
    assert trust.end_of(bytes(32)) is None
    assert [trust.named_in(data) for data in (b"", b"x", b"\x30", b"\x30" + signature[1:-400], signature[1:])] == [
        b""
    ] * 5
    assert trust.named_in(signature) == signer.fingerprint


def test_what_a_signature_names_is_worked_out_once(trust: Trust, case: Case) -> None:
    _entry, _data, signature = sheet(case)
    first = trust.named_in(signature)
    trust._ends.clear()
    assert trust.named_in(signature) == first
    assert trust.end_of(first) is None


def test_the_key_of_a_log_is_read() -> None:
    text = note.verifier_key(NAME, RAW)
    assert read_log_key(text) == read_log_key(f" {text}\n") == LogKey(NAME, RAW)


def written(name: str = NAME, identity: str | None = None, raw: bytes = note.ED25519 + RAW) -> str:
    return f"{name}+{note.key_id(NAME, RAW).hex() if identity is None else identity}+{base64.b64encode(raw).decode()}"


@pytest.mark.parametrize(
    "text",
    ["", "junk", NAME, written(name="other"), written(identity="00000000"), written(identity=""),
     written(raw=note.ED25519 + RAW[:-1]), written(raw=note.ED25519 + RAW + b"x"), written(raw=b"\x02" + RAW),
     written(raw=b""), f"{written()[:-1]}", f"{written()}*", f"{written()}é", written().replace("+", "-")],
)  # fmt: skip
def test_what_is_no_key_of_a_log(text: str) -> None:
    with pytest.raises(Broken) as caught:
        read_log_key(text)
    assert str(caught.value) == "this is no key of a log; it is written name+hash+key"


def test_a_key_whose_base64_has_a_plus_is_read() -> None:
    raw = next(
        bytes([at]) * 32 for at in range(256) if "+" in base64.b64encode(note.ED25519 + bytes([at]) * 32).decode()
    )
    assert read_log_key(note.verifier_key(NAME, raw)) == LogKey(NAME, raw)
    assert read_log_key(written()) == LogKey(NAME, RAW)
