"""What the ticker asks the ledger: to lift what is no longer secret, and to have its witnesses asked.

It looks for veils when what is sealed has changed, and once a minute for what came late.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.db import IntegrityError

from ledger import lifting, witness_rounds
from ledger.errors import Conflict
from ledger.sealed import sealed_scopes

MINUTE = 60.0


class _Seen:
    """What this process saw when it last looked and found nothing to do."""

    sealed: frozenset[str] | None = None
    looked = 0.0
    named = False


def tick(_now: datetime) -> int:
    """Do what is due. Returns how many acts ran."""
    witness_rounds.ask_due()
    return _name_once() + _lift()


def _name_once() -> int:
    """The policy is read at the start: once a process is enough."""
    if _Seen.named:
        return 0
    _Seen.named = True
    return witness_rounds.name_witnesses()


def _lift() -> int:
    sealed = sealed_scopes()
    if sealed == _Seen.sealed and time.monotonic() - _Seen.looked < MINUTE:
        return 0
    try:
        done = lifting.lift_due()
    except (Conflict, IntegrityError):
        return 0  # another process was faster
    if not done:
        _Seen.sealed, _Seen.looked = sealed, time.monotonic()
    return done
