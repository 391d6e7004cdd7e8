"""Makes the secrets of the platform once, and reads them back ever after.

Enters: the folder `var/secrets`, the name of a secret, how to make one. Leaves: its text, from the environment if it
is there, else from the file `<folder>/<name>` (0600), made on the first call. Two processes that start together get
the same secret: the file appears whole, under its name, once.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured

from config.environment import envsecret

KEY_BYTES = 32


def key_text() -> str:
    """32 random bytes in hex: an HMAC key, an HKDF root or an Ed25519 seed."""
    return secrets.token_hex(KEY_BYTES)


def session_text() -> str:
    """A SECRET_KEY: 64 random bytes, URL-safe."""
    return secrets.token_urlsafe(64)


def receipt_text() -> str:
    """A P-256 private key, PKCS 8 in PEM: receipts are CMS, which refuses Ed25519 signers."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


class SecretStore:
    """The secrets of one installation; remembers which of them it made itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.generated: list[str] = []

    def text(self, variable: str, make: Callable[[], str]) -> str:
        """The secret called `variable`: from the environment (or its _FILE), else from its file here."""
        given = envsecret(variable)
        if given:
            return given
        self.generated.append(variable)
        path = self.folder / variable.removeprefix("SUNLIGHT_").lower()
        if not path.exists():
            _write_once(path, make())
        return _read(path)

    def key(self, variable: str) -> bytes:
        """The 32 bytes called `variable`, spelt as 64 hexadecimal digits."""
        text = self.text(variable, key_text)
        try:
            value = bytes.fromhex(text)
        except ValueError as broken:
            raise ImproperlyConfigured(f"{variable} must be 64 hexadecimal digits") from broken
        if len(value) != KEY_BYTES:
            raise ImproperlyConfigured(f"{variable} must be 64 hexadecimal digits")
        return value


def _write_once(path: Path, text: str) -> None:
    """Put `text` at `path` for its owner alone; if another process was faster, leave the other's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()


def _read(path: Path) -> str:
    """The secret at `path`, refused when others may read it: then it is no secret any more."""
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} may be read by others than its owner; chmod 600 it or make a new one")
    text = path.read_text(encoding="ascii")
    if not text.strip():
        raise ImproperlyConfigured(f"{path} is empty; restore it from the copy kept apart")
    return text
