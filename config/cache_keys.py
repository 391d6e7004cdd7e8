"""Pure but for the secret. Names in the cache tell nothing: a counter of sign-ins stands under no address and no user.

Enters: the key as the code says it. Leaves: the key as the cache and its file on disk hold it: a keyed digest.
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def hidden(key: str, prefix: str, version: int) -> str:
    """Where `key` stands; nobody without SECRET_KEY can tell what for, or try names one after the other."""
    return f"{prefix}:{salted_hmac('sunlight.cache/1', f'{version}:{key}', algorithm='sha256').hexdigest()}"
