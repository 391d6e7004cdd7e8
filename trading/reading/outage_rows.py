"""Reads for the page of outages: the figures of the rule, the heartbeat, each outage with what it moved.

Enters: who reads, the instant. Leaves: values for the page, and the same for machines; a page of outages at most.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger import clock
from ledger.actor import Actor
from ledger.rights import may
from trading import outages
from trading.models import Extension, Outage
from trading.periods import local

SHOWN = 50
HOUR = timedelta(hours=1)


def _all() -> list[Outage]:
    return list(Outage.objects.prefetch_related("extensions__lot", "extensions__notice")[:SHOWN])


def facts() -> dict[str, Any]:
    """For machines: the rule in minutes, seconds since the heartbeat, outages with their extensions."""
    beat = outages.last_beat()
    since = (clock.real_now() - beat.real_at).total_seconds() if beat else None
    rule = {name: value // timedelta(minutes=1) for name, value in asdict(outages.rule()).items()}
    found = [_facts(row) for row in _all()]
    return {"rule": rule, "gap": outages.gap().total_seconds(), "beat": since, "outages": found}


def _facts(row: Outage) -> dict[str, Any]:
    moved = [
        {"lot": one.lot.code, **{name: getattr(one, name).isoformat() for name in ("old", "new", "opening")}}
        for one in row.extensions.all()
    ]
    end = row.end.isoformat() if row.end else None
    return {"outage": row.code, "begin": row.begin.isoformat(), "end": end, "declared": row.declared,
            "reason": row.reason, "settled": row.settled, "extensions": moved}  # fmt: skip


def spelled(span: timedelta) -> str:
    """Hours where they are whole, else minutes."""
    if span % HOUR:
        minutes = span // timedelta(minutes=1)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = span // HOUR
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def context(actor: Actor, now: datetime) -> dict[str, Any]:
    """For people."""
    rule, silence = outages.rule(), outages.silence()
    words = {name: spelled(value) for name, value in asdict(rule).items()}
    return {
        "rule": words, "gap": int(outages.gap().total_seconds()), "beats": not silence, "now": now,
        "outages": [{"row": row, "extensions": list(row.extensions.all())} for row in _all()],
        "may_declare": may("trading:outage:declare", actor), "may_end": may("trading:outage:end", actor),
    }  # fmt: skip


def remarks(found: list[Extension]) -> list[str]:
    """What the page of a lot says about its extensions."""
    text = _(
        "Because bids could not be handed in from %(begin)s to %(end)s, the deadline moved from %(old)s to %(new)s; "
        "the opening is not before %(opening)s."
    )
    return [text % {name: _shown(value) for name, value in _instants(one).items()} for one in found]


def _instants(one: Extension) -> dict[str, datetime | None]:
    return {"begin": one.outage.begin, "end": one.outage.end, "old": one.old, "new": one.new, "opening": one.opening}


def _shown(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M:%S}" if at else ""
