"""Pure. Identity files: private keys as the age tools write them, in the clear or under a passphrase.

Enters: the bytes of such a file, a passphrase. Leaves: private keys, or the bytes of a file. On the client only.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from bidding.envelope import bech32
from bidding.envelope.age import decrypt, encrypt
from bidding.envelope.header import ARMOR_MARK, VERSION_LINE
from bidding.envelope.scrypt import Passphrase
from bidding.envelope.x25519 import IDENTITY, Identity, Recipient, parse_identity, parse_recipient
from ledger.errors import _, refused

MAX_FILE = 1 << 20


def read_identities(data: bytes, passphrase: Callable[[], str] | None = None) -> list[Identity]:
    """The private keys in an identity file; `passphrase` is asked only when the file is under one."""
    return [parse_identity(line) for line in key_lines(_in_the_clear(data, passphrase))]


def known_identities(data: bytes, passphrase: Callable[[], str] | None = None) -> list[Identity]:
    """The X25519 keys of a file that may hold keys of other kinds too (post-quantum ones, plugins'): for opening, where
    a key of another kind matches nothing.
    """
    lines = key_lines(_in_the_clear(data, passphrase))
    return [parse_identity(line) for line in lines if not _is_of_another_kind(line)]


def _is_of_another_kind(line: str) -> bool:
    if not line.startswith("AGE-"):
        return False
    prefix, _key = bech32.decode(line)
    return prefix != IDENTITY


def _in_the_clear(data: bytes, passphrase: Callable[[], str] | None) -> bytes:
    if data.lstrip().startswith(ARMOR_MARK) or data.startswith(VERSION_LINE):
        if passphrase is None:
            refused("bidding.passphrase_missing", _("The identity file is under a passphrase."))
        plain = io.BytesIO()
        decrypt(io.BytesIO(data), plain, [Passphrase(passphrase())])
        data = plain.getvalue()
    return data


def read_recipients(data: bytes) -> list[Recipient]:
    """The public keys in a file of recipients, one a line."""
    return [parse_recipient(line) for line in key_lines(data)]


def key_lines(data: bytes) -> list[str]:
    """The lines of a key file that hold a key: not empty, not beginning with `#`. At least one."""
    if len(data) > MAX_FILE or not data.isascii():
        refused("bidding.key_file", _("This is not a file of keys."))
    lines = [line.strip() for line in data.decode("ascii").splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    if not keys:
        refused("bidding.key_file", _("This is not a file of keys."))
    return keys


def write_identity(identity: Identity, passphrase: str, *, armored: bool = True) -> bytes:
    """An identity file for `identity` under `passphrase`; every age tool reads it."""
    text = f"# public key: {identity.recipient}\n{identity.secret_text()}\n"
    sealed = io.BytesIO()
    encrypt(io.BytesIO(text.encode()), sealed, [Passphrase(passphrase)], armored=armored)
    return sealed.getvalue()
