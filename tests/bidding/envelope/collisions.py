"""One ciphertext that two keys open: ChaCha20-Poly1305 does not commit to its key, and this module shows it.

Poly1305 (RFC 8439, 2.5) is linear in the blocks of the message modulo 2^130 - 5. Whoever knows both keys solves for one
free block, so that one tag is right under both (Len, Grubbs, Ristenpart: "Partitioning Oracle Attacks", 2021). The
tests use it to make what an envelope must refuse.
"""

from __future__ import annotations

import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

PRIME = 2**130 - 5
CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
MARK = 2**128
BLOCK = 16


def _one_time(key: bytes, nonce: bytes) -> tuple[int, int]:
    """The Poly1305 key (r, s) that belongs to `key` and `nonce` (RFC 8439, 2.6)."""
    stream = Cipher(ChaCha20(key, bytes(4) + nonce), mode=None).encryptor().update(bytes(32))
    return int.from_bytes(stream[:16], "little") & CLAMP, int.from_bytes(stream[16:], "little")


def _blocks(data: bytes) -> list[int]:
    """What Poly1305 sees of a ciphertext of whole blocks without additional data (RFC 8439, 2.8)."""
    pieces = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
    return [int.from_bytes(piece, "little") + MARK for piece in (*pieces, struct.pack("<QQ", 0, len(data)))]


def _polynomial(blocks: list[int], r: int) -> int:
    value = 0
    for block in blocks:
        value = (value + block) * r % PRIME
    return value


def two_keys_one_ciphertext(first: bytes, second: bytes, nonce: bytes, length: int) -> bytes | None:
    """Ciphertext and tag for `length` plain bytes (whole blocks) that open under both keys; None when there is none.

    The last block is solved for; with more than one, the first is varied until a solution has 128 bits.
    """
    for number in range(1000 if length > BLOCK else 1):
        rest = number.to_bytes(8, "little") + bytes(length - 8 - BLOCK) if length > BLOCK else b""
        for free in _free_blocks(rest, _one_time(first, nonce), _one_time(second, nonce)):
            return rest + free + _tag(rest + free, _one_time(first, nonce))
    return None


def _free_blocks(rest: bytes, one: tuple[int, int], two: tuple[int, int]) -> list[bytes]:
    """Last blocks x with one tag for both: (r1^2 x + K1 mod p) + s1 = (r2^2 x + K2 mod p) + s2 modulo 2^128."""
    (r1, s1), (r2, s2) = one, two
    zero = rest + bytes(BLOCK)
    known = _polynomial(_blocks(zero), r1) - _polynomial(_blocks(zero), r2)
    slope = pow(r1 * r1 - r2 * r2, -1, PRIME)
    found = []
    for turns in range(-4, 5):
        x = (s2 - s1 + turns * MARK - known) * slope % PRIME
        if x < MARK:
            block = x.to_bytes(BLOCK, "little")
            if _tag(rest + block, one) == _tag(rest + block, two):
                found.append(block)
    return found


def _tag(data: bytes, key: tuple[int, int]) -> bytes:
    r, s = key
    return ((_polynomial(_blocks(data), r) + s) % MARK).to_bytes(BLOCK, "little")
