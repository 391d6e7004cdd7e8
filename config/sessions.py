"""Sessions at rest: encrypted, without a time (sealing.md, "sign-in times of bidders are kept to the day").

Enters: what Django and allauth keep of a session: who signed in, and when to the microsecond. Leaves: rows that tell
the day of their expiry and nothing else to whoever holds a copy of the database without SECRET_KEY.
"""

from __future__ import annotations

import base64
import binascii
import os
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone
from django.utils.crypto import salted_hmac

NONCE = 12
STEP = 256  # sizes come in steps, so that they tell no name by its length


def _ciphers() -> list[ChaCha20Poly1305]:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("sunlight.session/1", b"", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return [ChaCha20Poly1305(key) for key in keys]


def end_of_day(instant: datetime) -> datetime:
    """The next midnight of the house's time zone."""
    day = timezone.localtime(instant).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


class SessionStore(db.SessionStore):
    """Django's sessions in the database, sealed."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The session as it rests."""
        plain = self.serializer().dumps(session_dict)
        padded = plain + b" " * (-len(plain) % STEP)  # JSON ends as well with spaces
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + _ciphers()[0].encrypt(nonce, padded, None)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What `encode` sealed; an empty session when it was changed, or sealed under another key."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
        except binascii.Error:
            return {}
        for cipher in _ciphers():
            try:
                plain = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
            except (InvalidTag, ValueError):
                continue
            found: dict[str, Any] = self.serializer().loads(plain)
            return found
        return {}

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The day after which the session counts no more, at its end."""
        return end_of_day(super().get_expiry_date(**kwargs))

    async def aget_expiry_date(self, **kwargs: Any) -> datetime:
        """The same for the live rooms."""
        return end_of_day(await super().aget_expiry_date(**kwargs))
