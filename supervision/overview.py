"""Reads for the watch desk and the page of a lot: openings, running rooms, alarms, the chain of steps, the log.

Enters: the regulator as an actor, a lot, the instant. Leaves: values for templates and the same for machines. Before
the opening nothing here tells how many bids there are, or whose.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ledger.actor import Actor
from ledger.merkle import leaf_hash
from ledger.models import EntryRow
from supervision import house_page
from supervision.counting import TRAIL
from supervision.models import Alarm
from supervision.words import FAILURES, LEVELS, OUTCOMES, STEPS
from trading.models import Lot
from trading.periods import local_day, start_of
from trading.stages import Stage
from trading.words import badge, entry_words

Row = dict[str, object]
SHOWN, NEWEST = 50, 40
OPENING = (Stage.CLOSING, Stage.CLOSED, Stage.OPENING)
JUDGING = (Stage.OPENED, Stage.EVALUATING, Stage.EVALUATED)
RESULT = (Stage.PUBLICITY, Stage.AWARDED)


def watched(actor: Actor) -> QuerySet[Lot]:
    """The published lots over which the actor's body watches."""
    found = Lot.objects.filter(tender__regulator__code=actor.organisation, tender__stage="published")
    return found.select_related("tender")


def today(lots: QuerySet[Lot], now: datetime) -> list[Lot]:
    """Lots whose bids are opened today."""
    begin = start_of(local_day(now))
    found = lots.filter(deadline__gte=begin, deadline__lt=begin + timedelta(days=1))
    return list(found.order_by("deadline", "code")[:SHOWN])


def running(lots: QuerySet[Lot], stages: Iterable[Stage]) -> list[Lot]:
    """Lots at these stages."""
    return list(lots.filter(stage__in=[str(stage) for stage in stages]).order_by("deadline", "code")[:SHOWN])


def lot_rows(lots: Iterable[Lot]) -> list[Row]:
    """Lots as rows of parts/data_table.html."""
    return [
        {
            "cells": [
                {"text": lot.code, "href": reverse("supervision:lot", kwargs={"lot": lot.code})},
                f"{lot.tender.title} · {lot.title}",
                lot.deadline,
                {"badge": badge(lot.stage)},
            ]
        }
        for lot in lots
    ]


def lot_columns() -> list[Row]:
    """The head of such a table."""
    heads = ((_("Lot"), "text"), (_("Project and lot"), "text"), (_("Deadline for bids"), "time"), (_("Stage"), "text"))
    return [{"label": label, "kind": kind} for label, kind in heads]


def alarms_of(actor: Actor) -> list[Alarm]:
    """The newest alarms of the body's tenders: those that wait first."""
    q = Alarm.objects.filter(lot__tender__regulator__code=actor.organisation).select_related("lot__tender")
    return list(q.order_by("settled_at", "-raised_at", "-pk")[:SHOWN])


def alarm_words(alarm: Alarm) -> Row:
    """An alarm for the templates: level, name, sentence, outcome."""
    word, tone, icon_name = LEVELS[alarm.level]
    outcome, outcome_tone = OUTCOMES[alarm.outcome]
    return {
        "alarm": alarm,
        "level": {"word": _(word), "tone": tone, "icon_name": icon_name},
        "name": _(alarm.kind.name),
        "says": _(alarm.kind.says) % alarm.facts,
        "outcome": {"word": _(outcome), "tone": outcome_tone, "icon_name": ""},
        "href": reverse("supervision:lot", kwargs={"lot": alarm.lot.code}) + "#alarms",
    }


def ticker(about: Q) -> list[Row]:
    """The newest entries `about` something, as parts/log_ticker.html shows them."""
    q = EntryRow.objects.filter(about, place__isnull=False, at__isnull=False).exclude(tag=TRAIL)
    newest = q.select_related("place").order_by("-place__index")[:NEWEST]
    return [
        {"number": row.place.index, "at": row.at, "text": f"{row.scope} · {entry_words(row.tag)}"} for row in newest
    ]


def chain(lot: Lot) -> list[Row]:
    """The steps of a lot as nodes of parts/timeline.html, each with the entry that ended it and its leaf hash."""
    wanted = [tag for _title, tag in STEPS] + list(FAILURES)
    rows = EntryRow.objects.filter(scope=lot.code, tag__in=wanted, place__isnull=False).select_related("place")
    last = {row.tag: row for row in rows.order_by("place__index")}
    nodes = [_node(_(title), last.get(tag)) for title, tag in STEPS]
    end = next((last[tag] for tag in FAILURES if tag in last), None)
    if end is not None:
        nodes = [node for node in nodes if node["state"] == "done"]
        nodes.append({**_node(_(FAILURES[end.tag]), end), "state": "failed"})
    elif waiting := next((node for node in nodes if node["state"] == "next"), None):
        waiting["state"] = "current"
    return nodes


def _node(title: str, row: EntryRow | None) -> Row:
    if row is None:
        return {"title": title, "state": "next", "passed": False}
    about = _("Entry %(number)s of the log") % {"number": row.place.index}
    digest = leaf_hash(bytes(row.leaf)).hex()
    return {"title": title, "state": "done", "passed": True, "at": row.at, "about": about, "digest": digest}


def desk_context(actor: Actor, now: datetime) -> Row:
    """What the watch desk shows."""
    lots, alarms = watched(actor), alarms_of(actor)
    day, rooms = today(lots, now), running(lots, (*OPENING, *JUDGING))
    results, waiting = running(lots, RESULT), [alarm for alarm in alarms if not alarm.outcome]
    about = Q(scope__in=lots.values("code")) | Q(scope__in=lots.values("tender__code"))
    return {
        "title": _("Watch desk"),
        "numbers": [
            {"label": _("Openings today"), "value": len(day), "href": "#today"},
            {"label": _("Running rooms"), "value": len(rooms), "href": "#rooms"},
            {"label": _("Results in public"), "value": len(results), "href": "#results"},
            {"label": _("Alarms waiting"), "value": len(waiting), "href": "#alarms"},
        ],
        "columns": lot_columns(),
        "today": lot_rows(day),
        "rooms": lot_rows(rooms),
        "results": lot_rows(results),
        "alarms": [alarm_words(alarm) for alarm in alarms],
        "house": house_page.standing(),
        "entries": ticker(about),
    }


def lot_context(lot: Lot, now: datetime) -> Row:
    """What the page of a watched lot shows."""
    alarms = Alarm.objects.filter(lot=lot).select_related("lot__tender")[:SHOWN]
    entries = ticker(Q(scope__in=[lot.code, lot.tender.code]))
    return {
        "lot": lot,
        "title": lot.title,
        "stage": badge(lot.stage),
        "nodes": chain(lot),
        "now": now,
        "alarms": [alarm_words(alarm) for alarm in alarms],
        "entries": entries,
        "last": entries[0]["number"] if entries else 0,
    }
