"""Copies of what lies under veils: inner entries and salts go to object storage too; a lost database loses no receipt.

Enters: salt and inner entry, before the act commits. Leaves: an object of its own random name, encrypted under a key
derived from the platform key; and, reading, both again (ledger.md, "Storage").
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from ledger import objects
from ledger.canon import decode, encode, record
from ledger.errors import Broken

SPACE = "inner"
NONCE = 12


@record("sunlight.hidden/1")
class Hidden:
    """What opens a veiled leaf: salt and inner entry."""

    salt: bytes
    inner: bytes


@record("sunlight.inner/2")
class Kept:
    """What opens veiled leaves of one scope ("" for fillers)."""

    scope: str
    hidden: tuple[Hidden, ...]


def _cipher() -> ChaCha20Poly1305:
    derive = HKDF(hashes.SHA256(), 32, salt=None, info=b"sunlight.inner/2")
    return ChaCha20Poly1305(derive.derive(settings.PLATFORM_KEY))


def keep(salt: bytes, scope: str, inner: bytes) -> str:
    """Write the copy, read back. Returns the object's name; it tells neither lot nor order."""
    return keep_many(scope, [(salt, inner)])


def keep_many(scope: str, hidden: Iterable[tuple[bytes, bytes]]) -> str:
    """Write one copy of many (salt, inner entry) of a scope."""
    nonce, name = os.urandom(NONCE), f"{SPACE}/{secrets.token_hex(16)}"
    kept = Kept(scope, tuple(Hidden(salt, inner) for salt, inner in hidden))
    sealed = _cipher().encrypt(nonce, encode(kept), name.encode())
    return objects.store().put(name, [nonce + sealed]).name


def read_kept(name: str) -> Kept:
    """The copy under `name`; `Broken` when its bytes are not what was written there."""
    data = objects.read(name)
    try:
        return decode(Kept, _cipher().decrypt(data[:NONCE], data[NONCE:], name.encode()))
    except InvalidTag:
        raise Broken(f"the copy {name} is not what was written") from None


def all_kept() -> Iterator[Kept]:
    """Every copy in storage, in no order."""
    for name in objects.store().names(SPACE):
        yield read_kept(name)
