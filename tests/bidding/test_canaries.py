"""The search for canaries has power: whatever was written in whatever form is found."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import quote_from_bytes

import pytest

from tests.bidding.canaries import Canaries, found_in

WRITTEN = {
    "raw": bytes,
    "utf-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "hex": lambda data: data.hex().encode(),
    "HEX": lambda data: data.hex().upper().encode(),
    "url": lambda data: quote_from_bytes(data).encode(),
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
}


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("before", [0, 1, 2, 7])
def test_a_canary_is_found_in_every_form_anywhere(form: str, before: int) -> None:
    canaries = Canaries()
    for canary in (canaries.bytes_(), canaries.text().encode()):
        written = WRITTEN[form](bytes(before) + canary + b"tail")
        assert found_in(b"before" + written + b"after", canaries.needles()), (form, canary)


def test_a_slash_in_a_canary_hides_nothing() -> None:
    canaries = Canaries(mark=b"ab/cd/ef")
    for safe in ("", "/"):
        assert found_in(quote_from_bytes(canaries.bytes_(), safe=safe).encode(), canaries.needles())


def test_any_twenty_three_bytes_are_enough() -> None:
    canaries = Canaries()
    canary = canaries.bytes_()
    for start in range(len(canary) - 22):
        assert found_in(canary[start : start + 23], canaries.needles())


def test_chance_is_no_canary() -> None:
    assert found_in(secrets.token_bytes(1 << 22), Canaries().needles()) == []
    assert found_in(Canaries().bytes_(), Canaries().needles()) == []
