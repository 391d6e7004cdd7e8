"""What the house itself would trust: its log's key, its roots, its procedures, its holiday table.

Enters: settings. Leaves: `Trust`, for bundling and for the page that tells everybody what to keep a copy of. Whoever
checks the house uses an own copy of these, not this.
"""

from __future__ import annotations

from django.conf import settings

from ledger import note, sequencer
from supervision.verifier.trust import LogKey, Trust
from trading import authority
from trading.almanac import shipped
from trading.procedures.known import known


def log_key() -> LogKey:
    """The log's name and public key."""
    return LogKey(settings.LOG_ORIGIN, note.raw_public(sequencer.log_key().public_key()))


def log_key_text() -> str:
    """The same as `name+hash+key`, in which form others keep it."""
    key = log_key()
    return note.verifier_key(key.name, key.public)


def house_trust() -> Trust:
    """Everything together."""
    return Trust(log_key(), tuple(authority.roots()), known(), shipped())
