"""Rounds: when veiled entries are added to the log, and which of them are lifted once nothing in them is secret.

Enters: the lease with the instant of the next round, the queue. Leaves: the entries of a round that is due, in random
order, filled up with fillers; and, by the clock, lifted entries. While any scope is sealed there is a round every
SUNLIGHT_VEIL_SECONDS of exactly two entries, or of a power of two in a rush. With 0 there are no rounds: everything is
added as it comes, without fillers (tests, and nobody else).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from ledger import fillers
from ledger.models import EntryRow, Inner, Lease, Round, SealedLots, Waiting
from ledger.round_size import round_size
from ledger.sealed import sealed_scopes


def interval() -> timedelta:
    """The time between two rounds."""
    return timedelta(seconds=settings.SUNLIGHT_VEIL_SECONDS)


def is_due(lease: Lease, now: datetime) -> bool:
    """Whether a round has to be added: something waits, or something is secret and the time has come."""
    if not interval():
        return Waiting.objects.filter(veiled=True).exists()
    return lease.next <= now and (bool(sealed_scopes()) or Waiting.objects.filter(veiled=True).exists())


def stock_up(now: datetime) -> None:
    """Have enough fillers for the next round, before the transaction that adds it."""
    if interval():
        fillers.stock_up(_size(now))


def _size(now: datetime) -> int:
    return round_size(Waiting.objects.filter(veiled=True).values_list("since", flat=True), now, interval())


def draw(lease: Lease, now: datetime) -> list[EntryRow]:
    """The entries of the round at `now`, in random order, and the time of the next; empty when it cannot be yet."""
    size = _size(now) if interval() else None
    queue = Waiting.objects.select_related("entry").filter(veiled=True).order_by("entry_id")
    entries = [row.entry for row in queue[:size]]
    if size is not None:
        filling = fillers.take(size - len(entries))
        if filling is None:
            return []  # the stock ran out meanwhile; the next call fills it up
        entries += filling
    secrets.SystemRandom().shuffle(entries)  # order within a round tells nothing
    Lease.objects.filter(pk=lease.pk).update(next=now + interval())
    return entries


def note_round(first: int, entries: Iterable[EntryRow], sealed: frozenset[str]) -> None:
    """Keep in mind where a round stands and whose secrets were in it: those `sealed` then, and those of its entries."""
    keys = [entry.pk for entry in entries]
    if not keys:
        return
    own = Inner.objects.filter(entry__in=keys).exclude(scope="").values_list("scope", flat=True)
    lots = "\n".join(sorted(sealed | set(own)))
    digest = hashlib.sha256(lots.encode()).hexdigest()
    group, _new = SealedLots.objects.get_or_create(digest=digest, defaults={"lots": lots})
    Round.objects.create(first=first, count=len(keys), sealed=group)
