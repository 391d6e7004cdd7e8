"""Pure. X25519 keys and the `X25519` stanza (RFC 7748, C2SP age.md).

Enters: keys as 32 bytes or as age writes them, file keys of 16 bytes. Leaves: stanzas, file keys. A point that is not
canonical or of low order is refused wherever it comes from.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bidding.envelope import bech32
from bidding.envelope.header import Stanza, decode64, encode64, hkdf
from ledger.errors import _, refused

PRIME = 2**255 - 19
LABEL = b"age-encryption.org/v1/X25519"
IDENTITY = "age-secret-key-"
NO_NONCE = bytes(12)
FILE_KEY = 16
PROBE = bytes(range(32))


def public_key(private: bytes) -> bytes:
    """The point that belongs to `private` (32 bytes)."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def shared_secret(private: bytes, point: bytes) -> bytes:
    """X25519(private, point); refused: a point of the wrong length, not below 2^255 - 19, or of low order."""
    if len(point) != 32 or int.from_bytes(point, "little") >= PRIME:
        refused("bidding.point", _("A public key or share is not a canonical point."))
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:  # the all-zero result, RFC 7748 section 6.1
        return refused("bidding.low_order", _("A public key or share is a point of low order."))


def check_point(point: bytes) -> bytes:
    """`point` itself when it is canonical and not of low order (any scalar of the form we use shows that)."""
    shared_secret(PROBE, point)
    return point


@dataclass(frozen=True)
class Recipient:
    """A public key that a file may be sealed to."""

    key: bytes

    def __str__(self) -> str:
        return bech32.encode("age", self.key)

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza that hands `file_key` to the holder of the private key."""
        ephemeral = secrets.token_bytes(32)
        share = public_key(ephemeral)
        key = hkdf(shared_secret(ephemeral, self.key), share + self.key, LABEL)
        body = ChaCha20Poly1305(key).encrypt(NO_NONCE, file_key, None)
        return Stanza("X25519", (encode64(share).decode(),), body)


@dataclass(frozen=True)
class Identity:
    """A private key; its text and bytes stay out of logs and reprs."""

    private: bytes = field(repr=False)

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        return Recipient(public_key(self.private))

    def secret_text(self) -> str:
        """`AGE-SECRET-KEY-1...`, the line of an identity file."""
        return bech32.encode(IDENTITY, self.private).upper()

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key in `stanza`, None when it is for somebody else; refused when an X25519 stanza is malformed."""
        if stanza.kind != "X25519":
            return None
        share = read_share(stanza)
        key = hkdf(shared_secret(self.private, share), share + self.recipient.key, LABEL)
        try:
            return ChaCha20Poly1305(key).decrypt(NO_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def read_share(stanza: Stanza) -> bytes:
    """The ephemeral share of an X25519 stanza, after every check that needs no private key."""
    if len(stanza.arguments) != 1 or len(stanza.body) != FILE_KEY + 16:
        refused("bidding.x25519_stanza", _("An X25519 stanza has the wrong form."))
    return check_point(decode64(stanza.arguments[0].encode()))


def parse_recipient(text: str) -> Recipient:
    """The public key in `age1...`."""
    prefix, key = bech32.decode(text)
    if prefix != "age" or len(key) != 32 or text != text.lower():
        refused("bidding.key_text", _("This is not the text of a key."))
    return Recipient(check_point(key))


def parse_identity(text: str) -> Identity:
    """The private key in `AGE-SECRET-KEY-1...`."""
    prefix, key = bech32.decode(text)
    if prefix != IDENTITY or len(key) != 32 or text != text.upper():
        refused("bidding.key_text", _("This is not the text of a key."))
    return Identity(key)


def new_identity() -> Identity:
    """A fresh private key from the system's generator."""
    return Identity(secrets.token_bytes(32))
