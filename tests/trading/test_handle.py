"""The handle: its bytes are fixed, and lot, round and organisation each change it."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from ledger.canon import encode, write_text
from trading.handle import LotRound, handle

ROOT = bytes(range(32))
CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18)
LOTS = st.from_regex(r"sl-[0-9]{4}-[0-9]{4}-[1-9]", fullmatch=True)


def by_hand(root: bytes, lot: str, number: int, credit_code: str) -> bytes:
    """The formula of sealing.md with nothing but HMAC: HKDF of one block, salt of 32 zero bytes."""
    place = encode(LotRound(lot=lot, round=number))
    extracted = hmac.digest(bytes(32), root, hashlib.sha256)
    key = hmac.digest(extracted, b"sunlight.handle/1\0" + place + b"\x01", hashlib.sha256)
    return hmac.digest(key, place + write_text(credit_code), hashlib.sha256)


def test_handle_anchor() -> None:
    found = handle(ROOT, "sl-2026-0001-1", 1, "91460100MA00000001").hex()
    assert found == "a0db44987e1ac7f503dcf297ae8122243947e20330998a5229e926b0474044b0"


@given(root=st.binary(min_size=32, max_size=32), lot=LOTS, number=st.integers(1, 9), code=CODES)
def test_handle_is_the_written_formula(root: bytes, lot: str, number: int, code: str) -> None:
    assert handle(root, lot, number, code) == by_hand(root, lot, number, code)


@given(
    first=st.tuples(LOTS, st.integers(1, 3), CODES),
    second=st.tuples(LOTS, st.integers(1, 3), CODES),
)
def test_handles_differ_wherever_anything_differs(first: tuple[str, int, str], second: tuple[str, int, str]) -> None:
    assert (handle(ROOT, *first) == handle(ROOT, *second)) == (first == second)
