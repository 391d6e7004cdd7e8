"""Pure. C2SP signed notes and tlog checkpoints (signed-note.md, tlog-checkpoint.md), Ed25519.

Enters: origin, size, root and a key. Leaves: the bytes of a checkpoint; reading, the checkpoint if a key signed it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.errors import Broken, _

ED25519 = b"\x01"
DASH = "— "


@dataclass(frozen=True)
class Checkpoint:
    """`origin` names the log, `size` counts leaves, `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: three lines, each ended by a line feed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def raw_public(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(name: str, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name || LF || 0x01 || public key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The key in the `name+hash+base64` form of signed-note."""
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> bytes:
    """The signed note; the key's name is the origin."""
    text = checkpoint.text()
    mark = key_id(checkpoint.origin, raw_public(key.public_key()))
    signature = base64.b64encode(mark + key.sign(text.encode())).decode()
    return f"{text}\n{DASH}{checkpoint.origin} {signature}\n".encode()


def _parse(text: str) -> Checkpoint:
    try:
        origin, size, root, end = text.split("\n")
        found = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    except ValueError as error:
        raise Broken(_("not a checkpoint")) from error
    if end or found.text() != text or not origin or len(found.root) != 32 or found.size < 0:
        raise Broken(_("not a checkpoint"))
    return found


def _halves(note: bytes) -> tuple[Checkpoint, list[str]]:
    try:
        text, _gap, signatures = note.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise Broken(_("a note is UTF-8")) from error
    return _parse(text + "\n"), signatures.split("\n")


def text_of(note: bytes) -> Checkpoint:
    """The checkpoint that `note` speaks of, whoever signed it; `Broken` when it is none."""
    return _halves(note)[0]


def signature_lines(note: bytes) -> list[str]:
    """The signature lines of `note`, without their line feeds; nothing is checked."""
    return [line for line in _halves(note)[1] if line]


def read(note: bytes, public: bytes) -> Checkpoint:
    """The checkpoint in `note` if `public` signed it under the origin's name; `Broken` otherwise."""
    found, signatures = _halves(note)
    wanted = key_id(found.origin, public)
    for line in signatures:
        name, _space, blob = line.removeprefix(DASH).rpartition(" ")
        if line.startswith(DASH) and name == found.origin and _signed(found, blob, wanted, public):
            return found
    raise Broken(_("the checkpoint carries no signature of this log"))


def _signed(checkpoint: Checkpoint, blob: str, wanted: bytes, public: bytes) -> bool:
    try:
        raw = base64.b64decode(blob, validate=True)
        if raw[:4] != wanted:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], checkpoint.text().encode())
    except (ValueError, InvalidSignature):
        return False
    return True
