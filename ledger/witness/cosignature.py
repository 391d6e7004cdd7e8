"""Pure. Cosignatures of a witness: C2SP tlog-cosignature, the Ed25519 form `cosignature/v1`.

Enters: a checkpoint, the witness's name and key, its own time in whole seconds. Leaves: a signature line of
signed-note; checking one, the time at which the witness saw nothing larger that is consistent.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import Broken, _
from ledger.note import DASH, Checkpoint, raw_public

COSIGNATURE = b"\x04"
LATEST = 2**63 - 1  # seconds


@dataclass(frozen=True)
class Witness:
    """Who cosigns: `name` as in the signature line, `public` the 32 bytes of an Ed25519 key."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name || LF || 0x04 || public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    @property
    def verifier_key(self) -> str:
        """The key in the `name+hash+base64` form of signed-note."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(COSIGNATURE + self.public).decode()}"


def is_name(name: str) -> bool:
    """Whether signed-note allows `name` for a key: not empty, no space, no plus sign."""
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def parse_verifier_key(text: str) -> Witness:
    """The witness that a `name+hash+base64` speaks of; `Broken` when the parts do not fit together."""
    name, _plus, rest = text.partition("+")
    mark, _plus, blob = rest.partition("+")
    try:
        raw = base64.b64decode(blob, validate=True)
    except ValueError as error:
        raise Broken(_("not the key of a witness")) from error
    found = Witness(name, raw[1:])
    if not is_name(name) or raw[:1] != COSIGNATURE or len(raw) != 33 or found.key_id.hex() != mark:
        raise Broken(_("not the key of a witness"))
    return found


def message(checkpoint: Checkpoint, at: int) -> bytes:
    """What is signed: two lines and the whole body of the note."""
    return f"cosignature/v1\ntime {at}\n{checkpoint.text()}".encode()


def cosign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, at: int) -> str:
    """The signature line, with its line feed; `at` is POSIX seconds."""
    who = Witness(name, raw_public(key.public_key()))
    raw = who.key_id + at.to_bytes(8, "big") + key.sign(message(checkpoint, at))
    return f"{DASH}{name} {base64.b64encode(raw).decode()}\n"


def check(line: str, checkpoint: Checkpoint, who: Witness) -> int:
    """The time in the cosignature `line` (without line feed) if `who` made it over `checkpoint`; else `Broken`."""
    name, _space, blob = line.removeprefix(DASH).rpartition(" ")
    try:
        raw = base64.b64decode(blob, validate=True)
    except ValueError as error:
        raise Broken(_("not a cosignature")) from error
    at = int.from_bytes(raw[4:12], "big")
    if not line.startswith(DASH) or name != who.name or len(raw) != 76 or raw[:4] != who.key_id or at > LATEST:
        raise Broken(_("not a cosignature of this witness"))
    try:
        Ed25519PublicKey.from_public_bytes(who.public).verify(raw[12:], message(checkpoint, at))
    except InvalidSignature as error:
        raise Broken(_("the cosignature is not the witness's")) from error
    return at
