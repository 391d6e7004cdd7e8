"""The digest of a file that is read for another reason is that of the whole file, however it was read."""

from __future__ import annotations

import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from bidding.opening.passing import Passing

DATA = hashlib.shake_128(b"stored").digest(5000)
WHOLE = (hashlib.sha256(DATA).digest(), len(DATA))


@given(st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 3000)), max_size=12))
def test_reads_anywhere_give_the_bytes_and_the_digest_of_all(reads: list[tuple[int, int]]) -> None:
    passing = Passing(io.BufferedReader(io.BytesIO(DATA)))
    for offset, length in reads:
        room = memoryview(bytearray(length))
        passing.seek(offset)
        count = passing.readinto(room)
        assert bytes(room[:count]) == DATA[offset : offset + length]
    assert (passing.digest(), passing.digest()) == (WHOLE, WHOLE)


def test_what_was_read_in_order_is_not_read_again() -> None:
    file = io.BytesIO(DATA)
    passing = Passing(io.BufferedReader(file, 1))
    assert passing.head(1000) == DATA[:1000]
    passing.seek(500)
    assert passing.readinto(memoryview(bytearray(4500))) == 4500
    file.seek(0)
    file.write(bytes(5000))
    assert passing.digest() == WHOLE
