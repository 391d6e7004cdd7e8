"""Pure. The payload of an age v1 file: ChaCha20-Poly1305 in chunks of 64 KiB, the last one flagged (C2SP age.md).

Enters: a file key and byte streams. Leaves: byte streams. Memory stays at three blocks of 1 MiB whatever the length; no
byte leaves before its chunk is authenticated.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bidding.envelope.header import hkdf
from ledger.errors import _, refused

CHUNK = 64 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
CHUNKS_A_BLOCK = 16
CHUNKS_AT_HAND = 4  # where the bytes are hashed too on their way: a block must still lie in the core's own cache


class Source(Protocol):
    """Where bytes come from: a binary file, a pipe, BytesIO."""

    def readline(self, size: int, /) -> bytes:
        """Bytes through the next LF, at most `size`."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill what is there of `buffer`; 0 at the end."""


class Sink(Protocol):
    """Where bytes go: a binary file (buffered: every write takes all), BytesIO, a writer in a thread of its own."""

    def write(self, data: memoryview, /) -> object:
        """Take all of `data`, which stays as it is until the next `write` has returned."""


def _nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def payload_key(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """The cipher of a payload that begins with `nonce` (16 bytes)."""
    return ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))


def sealed_length(length: int) -> int:
    """How many bytes a payload of `length` bytes takes after the header, its nonce included."""
    return NONCE + length + TAG * max(1, -(-length // CHUNK))


def plain_length(length: int) -> int:
    """The length of what is sealed in a payload of `length` bytes, nonce included; refused when there is none such."""
    chunks = max(1, -(-(length - NONCE) // SEALED_CHUNK))
    plain = length - NONCE - TAG * chunks
    if plain < 0 or sealed_length(plain) != length:
        refused("bidding.payload_cut", _("The file ends too early."))
    return plain


class SealingWriter:
    """Takes plain bytes by `write`, gives the payload to `sink`. Without `close` the file will not open.

    `length` counts the plain bytes so far.
    """

    def __init__(self, sink: Sink, file_key: bytes, nonce: bytes | None = None, chunks: int = CHUNKS_A_BLOCK) -> None:
        """`sink` gets `chunks` chunks at a time."""
        nonce = secrets.token_bytes(NONCE) if nonce is None else nonce
        self.sink, self.cipher, self.index = sink, payload_key(file_key, nonce), 0
        self.plain = memoryview(bytearray(chunks * CHUNK))
        self.sealed, self.going = (memoryview(bytearray(chunks * SEALED_CHUNK)) for _turn in range(2))
        self.filled, self.length = 0, 0
        sink.write(memoryview(nonce))

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Seal `data` after what came before."""
        view = memoryview(data).cast("B")
        at = 0
        while at < len(view):
            room = self._room()
            count = min(len(room), len(view) - at)
            room[:count] = view[at : at + count]
            self._took(count)
            at += count
        return len(view)

    def copy(self, source: Source) -> None:
        """Seal all that is left in `source`."""
        while count := _take(source, self._room()):
            self._took(count)

    def close(self) -> None:
        """Write the last chunk."""
        self._seal(self.filled, last=True)

    def _took(self, count: int) -> None:
        self.filled += count
        self.length += count

    def _room(self) -> memoryview:
        if self.filled == len(self.plain):  # the last chunk waits: only its successor shows that it is not the last
            kept = self.filled - CHUNK
            self._seal(kept, last=False)
            self.plain[:CHUNK] = self.plain[kept:]
            self.filled = CHUNK
        return self.plain[self.filled :]

    def _seal(self, length: int, *, last: bool) -> None:
        chunks = max(1, -(-length // CHUNK))
        end = 0
        for place in range(chunks):
            nonce = _nonce(self.index, last=last and place == chunks - 1)
            chunk = self.plain[place * CHUNK : min(length, (place + 1) * CHUNK)]
            end += self.cipher.encrypt_into(nonce, chunk, None, self.sealed[end : end + len(chunk) + TAG])
            self.index += 1
        self.sink.write(self.sealed[:end])
        self.sealed, self.going = self.going, self.sealed


def seal_stream(source: Source, sink: Sink, file_key: bytes, nonce: bytes | None = None) -> None:
    """Write the payload of all of `source`; `nonce` is drawn anew unless a test vector names it."""
    writer = SealingWriter(sink, file_key, nonce)
    writer.copy(source)
    writer.close()


def open_chunks(
    cipher: ChaCha20Poly1305, index: int, sealed: memoryview, plain: memoryview, *, last: bool
) -> Iterator[int]:
    """Open the chunks in `sealed`, numbered from `index`, into `plain`; `last`: the file ends with them.

    After each chunk the number of bytes of `plain` that are authentic comes out.
    """
    chunks = max(1, -(-len(sealed) // SEALED_CHUNK))
    end = 0
    for place in range(chunks):
        chunk = sealed[place * SEALED_CHUNK : (place + 1) * SEALED_CHUNK]
        final = last and place == chunks - 1
        if len(chunk) < TAG or (len(chunk) == TAG and index + place > 0):
            refused("bidding.payload_cut", _("The file ends too early."))
        room = plain[end : end + len(chunk) - TAG]
        kept = _open_chunk(cipher, index + place, chunk, room, final=final)
        end += len(room)
        if kept or not final or len(chunk) == SEALED_CHUNK:  # a short chunk that is not the last one never goes out
            yield end
        if not kept:
            _refuse_end(missing=final)


def _open_chunk(cipher: ChaCha20Poly1305, index: int, chunk: memoryview, room: memoryview, *, final: bool) -> bool:
    """Whether the chunk says of itself what the file says of it (final or not). Refused when it is not authentic."""
    for claim in (final, not final):
        try:
            cipher.decrypt_into(_nonce(index, last=claim), chunk, None, room)
        except InvalidTag:
            continue
        return claim == final
    return refused("bidding.payload_changed", _("The sealed content was changed."))


def _refuse_end(*, missing: bool) -> None:
    if missing:
        refused("bidding.payload_cut", _("The file ends too early."))
    refused("bidding.payload_after_end", _("Something follows after the end of the sealed content."))


def _fill(source: Source, room: memoryview) -> int:
    filled = 0
    while filled < len(room) and (count := _take(source, room[filled:])):
        filled += count
    return filled


def _take(source: Source, room: memoryview) -> int:
    """How many bytes came into `room`; 0 at the end, and only there."""
    count = source.readinto(room)
    if count is None:  # a descriptor that does not wait: taken for the end, the file would be cut without a word
        raise BlockingIOError("the source does not wait for what follows")
    return count


def open_stream(source: Source, sink: Sink, file_key: bytes) -> None:
    """Write what is sealed in the payload at which `source` stands. When this raises, some bytes are out."""
    nonce = memoryview(bytearray(NONCE))
    if _fill(source, nonce) != NONCE:
        refused("bidding.payload_nonce", _("The file ends before its content begins."))
    cipher = payload_key(file_key, bytes(nonce))
    sealed = memoryview(bytearray(CHUNKS_A_BLOCK * SEALED_CHUNK))
    plain, going = (memoryview(bytearray(CHUNKS_A_BLOCK * CHUNK)) for _turn in range(2))
    index, kept = 0, 0
    while (filled := kept + _fill(source, sealed[kept:])) == len(sealed):
        _pour(open_chunks(cipher, index, sealed[:-SEALED_CHUNK], plain, last=False), plain, sink)
        plain, going = going, plain
        sealed[:SEALED_CHUNK] = sealed[-SEALED_CHUNK:]
        index, kept = index + CHUNKS_A_BLOCK - 1, SEALED_CHUNK
    _pour(open_chunks(cipher, index, sealed[:filled], plain, last=True), plain, sink)


def _pour(opened: Iterator[int], plain: memoryview, sink: Sink) -> None:
    """Write what is authentic of `plain` in one piece, also when the rest is refused."""
    done = 0
    try:
        for end in opened:
            done = end
    finally:
        sink.write(plain[:done])


class SealedFile(Protocol):
    """A sealed file that can be read anywhere."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to `offset`."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill what is there of `buffer`; 0 at the end."""


class OpenedPayload(io.RawIOBase):
    """The content of a sealed file, readable anywhere without a plain copy on disk.

    The last chunk is opened at once, so the length is authentic from the start; every other chunk when it is read.
    """

    def __init__(self, sealed: SealedFile, start: int, size: int, file_key: bytes) -> None:
        """`start`: where the payload begins in the file of `size` bytes."""
        self.file, self.start, self.at = sealed, start + NONCE, 0
        self.length = plain_length(size - start)
        self.total = size - self.start
        nonce = memoryview(bytearray(NONCE))
        self._fetch(nonce, start)
        self.cipher = payload_key(file_key, bytes(nonce))
        block = min(CHUNKS_AT_HAND, max(1, -(-self.length // CHUNK)))
        self.sealed = memoryview(bytearray(block * SEALED_CHUNK))
        self.plain = memoryview(bytearray(block * CHUNK))
        self.first, self.held = 0, 0
        self._load(max(0, self.length - 1) // CHUNK)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self.at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Let the next read begin elsewhere."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.length}[whence]
        if base + offset < 0:
            raise ValueError("a position before the start")
        self.at = base + offset
        return self.at

    def readinto(self, buffer: object, /) -> int:
        """Some of what follows, 0 at the end."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # RawIOBase promises a buffer
        offset, count = self._held(len(view))
        view[:count] = self.plain[offset : offset + count]
        self.at += count
        return count

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes of what follows, no more than one block; all of it without `size`."""
        if size < 0:
            return self.readall()
        at, count = self._held(size)
        self.at += count
        return bytes(self.plain[at : at + count])

    def authenticate(self) -> None:
        """Open every chunk; refused when one of them was changed."""
        for index in range(0, max(1, -(-self.length // CHUNK)), CHUNKS_AT_HAND):
            self._load(index)

    def _held(self, most: int) -> tuple[int, int]:
        """Where in `plain` the next bytes lie, and how many of them, at most `most`."""
        if self.at >= self.length:
            return 0, 0
        if not self.first <= self.at < self.first + self.held:
            self._load(self.at // CHUNK)
        offset = self.at - self.first
        return offset, min(most, self.held - offset)

    def _fetch(self, room: memoryview, offset: int) -> None:
        self.file.seek(offset)
        if _fill(self.file, room) != len(room):  # type: ignore[arg-type]  # reads no lines
            refused("bidding.payload_cut", _("The file ends too early."))

    def _load(self, index: int) -> None:
        """Open the chunks from number `index` on, as many as a block takes."""
        begin = index * SEALED_CHUNK
        count = min(len(self.sealed), self.total - begin)
        self._fetch(self.sealed[:count], self.start + begin)
        last = begin + count == self.total
        self.held = 0
        *_opened, self.held = open_chunks(self.cipher, index, self.sealed[:count], self.plain, last=last)
        self.first = index * CHUNK
