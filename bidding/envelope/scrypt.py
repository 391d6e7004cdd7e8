"""Pure. The `scrypt` stanza: a file key under a passphrase (RFC 7914, C2SP age.md).

Enters: a passphrase, a stanza. Leaves: a stanza, a file key. For people's own files on their own machines: the server
never runs this on what it was sent.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bidding.envelope.header import Stanza, decode64, encode64
from bidding.envelope.x25519 import FILE_KEY, NO_NONCE
from ledger.errors import _, refused

LABEL = b"age-encryption.org/v1/scrypt"
WRITTEN = 18  # 256 MiB
HIGHEST = 20  # 1 GiB
DIGITS = re.compile(r"[1-9][0-9]{0,2}")


def _derive(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    kdf = Scrypt(salt=LABEL + salt, length=32, n=1 << work_factor, r=8, p=1)
    return kdf.derive(passphrase.encode())


@dataclass(frozen=True)
class Passphrase:
    """Recipient and identity in one; `work_factor` is the binary logarithm of N when writing."""

    text: str = field(repr=False)
    work_factor: int = WRITTEN

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza that hands `file_key` to whoever knows the passphrase."""
        salt = secrets.token_bytes(16)
        body = ChaCha20Poly1305(_derive(self.text, salt, self.work_factor)).encrypt(NO_NONCE, file_key, None)
        return Stanza("scrypt", (encode64(salt).decode(), str(self.work_factor)), body)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key in `stanza`, None for another kind or passphrase; refused: malformed, work above the limit."""
        if stanza.kind != "scrypt":
            return None
        salt, work_factor = _read(stanza)
        try:
            return ChaCha20Poly1305(_derive(self.text, salt, work_factor)).decrypt(NO_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def _read(stanza: Stanza) -> tuple[bytes, int]:
    if len(stanza.arguments) != 2 or len(stanza.body) != FILE_KEY + 16:
        refused("bidding.scrypt_stanza", _("A scrypt stanza has the wrong form."))
    salt, digits = decode64(stanza.arguments[0].encode()), stanza.arguments[1]
    if len(salt) != 16 or not DIGITS.fullmatch(digits):
        refused("bidding.scrypt_stanza", _("A scrypt stanza has the wrong form."))
    if int(digits) > HIGHEST:
        refused("bidding.scrypt_work", _("The passphrase needs more work than this program is willing to do."))
    return salt, int(digits)
