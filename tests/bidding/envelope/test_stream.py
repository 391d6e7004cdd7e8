"""The payload: every length comes back, every cut, addition and changed bit is refused, memory stays flat."""

from __future__ import annotations

import contextlib
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope.stream import (
    CHUNK,
    NONCE,
    SEALED_CHUNK,
    TAG,
    OpenedPayload,
    SealingWriter,
    open_stream,
    plain_length,
    seal_stream,
    sealed_length,
)
from ledger.errors import Refused

KEY = bytes(range(16))
EDGES = [
    0,
    1,
    CHUNK - 1,
    CHUNK,
    CHUNK + 1,
    2 * CHUNK,
    16 * CHUNK - 1,
    16 * CHUNK,
    16 * CHUNK + 1,
    31 * CHUNK,
    33 * CHUNK,
]


def pattern(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def sealed(data: bytes) -> bytes:
    sink = io.BytesIO()
    seal_stream(io.BytesIO(data), sink, KEY)
    return sink.getvalue()


def opened(data: bytes) -> bytes:
    sink = io.BytesIO()
    open_stream(io.BytesIO(data), sink, KEY)
    return sink.getvalue()


def code(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        opened(data)
    [found] = refusal.value.codes
    return found.removeprefix("bidding.")


class Dripping(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step = io.BytesIO(data), step

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # RawIOBase promises a buffer
        piece = self.data.read(min(self.step, len(view)))
        view[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize("length", EDGES)
def test_every_length_comes_back(length: int) -> None:
    data = pattern(length)
    payload = sealed(data)
    assert len(payload) == sealed_length(length)
    assert plain_length(len(payload)) == length
    assert opened(payload) == data


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 5 * CHUNK), st.integers(1, 3 * CHUNK))
def test_pipes_that_drip_give_the_same(length: int, step: int) -> None:
    data = pattern(length)
    payload, back = io.BytesIO(), io.BytesIO()
    seal_stream(Dripping(data, step), payload, KEY, bytes(NONCE))
    writer_sink = io.BytesIO()
    writer = SealingWriter(writer_sink, KEY, bytes(NONCE))
    for at in range(0, length, step):
        writer.write(data[at : at + step])
    writer.close()
    assert (payload.getvalue(), writer.length) == (writer_sink.getvalue(), length)
    open_stream(Dripping(payload.getvalue(), step), back, KEY)
    assert back.getvalue() == data


def test_nonces_are_drawn_anew() -> None:
    assert sealed(b"same")[:NONCE] != sealed(b"same")[:NONCE]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, CHUNK, CHUNK + 5, 3 * CHUNK]), st.data())
def test_a_changed_bit_anywhere_is_refused(length: int, data: st.DataObject) -> None:
    payload = bytearray(sealed(pattern(length)))
    payload[data.draw(st.integers(0, len(payload) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Refused):
        opened(bytes(payload))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, CHUNK, CHUNK + 5, 3 * CHUNK, 17 * CHUNK]), st.data())
def test_a_cut_anywhere_is_refused(length: int, data: st.DataObject) -> None:
    payload = sealed(pattern(length))
    with pytest.raises(Refused):
        opened(payload[: data.draw(st.integers(0, len(payload) - 1))])


def test_each_way_to_spoil_the_end_has_its_code() -> None:
    two = sealed(pattern(2 * CHUNK))
    assert code(two[:-SEALED_CHUNK]) == "payload_cut"
    assert code(two[: NONCE + SEALED_CHUNK + TAG]) == "payload_cut"
    assert code(two[: NONCE + SEALED_CHUNK + TAG - 1]) == "payload_cut"
    assert code(two + b"\0") == "payload_after_end"
    assert code(two + bytes(TAG)) == "payload_after_end"
    assert code(two + bytes(TAG + 1)) == "payload_after_end"
    assert code(two[: NONCE - 1]) == "payload_nonce"
    assert code(two[:NONCE]) == "payload_cut"
    swapped = two[:NONCE] + two[NONCE + SEALED_CHUNK :] + two[NONCE : NONCE + SEALED_CHUNK]
    assert code(swapped) == "payload_changed"


@pytest.mark.parametrize("length", [0, NONCE, NONCE + TAG - 1, NONCE + SEALED_CHUNK + 1, NONCE + SEALED_CHUNK + TAG])
def test_lengths_that_no_payload_has_are_refused(length: int) -> None:
    with pytest.raises(Refused) as refusal:
        plain_length(length)
    assert refusal.value.codes == ["bidding.payload_cut"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([1, CHUNK, 3 * CHUNK + 7, 20 * CHUNK]), st.data())
def test_an_opened_payload_reads_anywhere(length: int, data: st.DataObject) -> None:
    plain = pattern(length)
    file = b"header" + sealed(plain)
    payload = OpenedPayload(io.BytesIO(file), 6, len(file), KEY)
    for _turn in range(4):
        at, count = data.draw(st.integers(0, length)), data.draw(st.integers(0, length))
        payload.seek(at)
        assert io.BufferedReader(payload).read(count) == plain[at : at + count]
        payload = OpenedPayload(io.BytesIO(file), 6, len(file), KEY)
    assert (payload.length, payload.seek(-1, io.SEEK_END), payload.read(9)) == (length, length - 1, plain[-1:])


def test_an_opened_payload_refuses_a_cut_file_at_once_and_a_changed_one_when_read() -> None:
    file = bytearray(sealed(pattern(40 * CHUNK)))
    with pytest.raises(Refused):
        OpenedPayload(io.BytesIO(file), 0, len(file) - SEALED_CHUNK, KEY)
    file[NONCE] ^= 1
    payload = OpenedPayload(io.BytesIO(file), 0, len(file), KEY)
    with pytest.raises(Refused) as refusal:
        payload.read(1)
    assert refusal.value.codes == ["bidding.payload_changed"]


class Late:
    """A sink that uses its right: it looks at what it was given only when the next piece comes."""

    def __init__(self) -> None:
        self.written, self.given = b"", memoryview(b"")

    def write(self, data: memoryview) -> None:
        self.written += self.given
        self.given = data


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([0, 1, 16 * CHUNK, 16 * CHUNK + 1, 50 * CHUNK + 3]), st.booleans())
def test_what_a_sink_was_given_stays_until_the_next_piece(length: int, spoilt: bool) -> None:
    data, late, back = pattern(length), Late(), Late()
    seal_stream(io.BytesIO(data), late, KEY)
    late.write(memoryview(b""))
    payload = bytearray(late.written)
    assert opened(late.written) == data
    payload[-1] ^= spoilt
    with pytest.raises(Refused) if spoilt else contextlib.nullcontext():
        open_stream(io.BytesIO(payload), back, KEY)
    back.write(memoryview(b""))
    whole = max(0, -(-length // CHUNK) - 1) * CHUNK
    assert back.written == (data[:whole] if spoilt else data)


class Endless(io.RawIOBase):
    """Zeros, as many as asked for, held nowhere."""

    def __init__(self, length: int) -> None:
        self.left = length

    def readinto(self, buffer: object, /) -> int:
        count = min(self.left, memoryview(buffer).nbytes)  # type: ignore[arg-type]  # RawIOBase promises a buffer
        self.left -= count
        return count


class Nothing:
    """A sink that only counts."""

    def __init__(self) -> None:
        self.length = 0

    def write(self, data: memoryview) -> None:
        self.length += len(data)


def test_memory_stays_flat() -> None:
    tracemalloc.start()
    sink = Nothing()
    seal_stream(Endless(64 << 20), sink, KEY)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sink.length == sealed_length(64 << 20)
    assert peak < 4 << 20
