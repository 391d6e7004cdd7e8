"""The lease of what one process does at a time: who holds it, until when, and a token that only ever rises.

Enters: the lease's name and the machine's time, inside a transaction. Leaves: the locked row for its holder, or
nothing. A holder that slept past its lease is fenced out: the next one has a higher token, and the row is locked until
the transaction ends. Nothing rests on it but the peace between processes (ledger.md, "From act to checkpoint").
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Case, F, Q, Value, When

from ledger.models import Lease

SPELL = timedelta(seconds=2)


@cache
def _name_of(process: int) -> str:
    return f"{socket.gethostname()[:60]}:{process}:{secrets.token_hex(8)}"


def holder() -> str:
    """The name of this process; another one after a fork."""
    return _name_of(os.getpid())


def find(name: str, now: datetime) -> Lease:
    """The row of the lease, made when it is the first time."""
    return Lease.objects.get_or_create(name=name, defaults={"until": now, "next": now})[0]


def take(name: str, now: datetime) -> Lease | None:
    """Take or renew the lease for `SPELL`, and lock its row; None while another process holds it."""
    mine = holder()
    free = Lease.objects.filter(Q(holder=mine) | Q(until__lte=now), name=name)
    token = Case(When(holder=mine, then=F("token")), default=F("token") + Value(1))
    if free.update(token=token, holder=mine, until=now + SPELL) != 1:
        return None
    return Lease.objects.select_for_update().get(name=name)
