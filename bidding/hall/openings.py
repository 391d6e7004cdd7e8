"""Openings of today, those to come and those just past: where the public finds the halls.

Enters: the instant. Leaves: lots by deadline, a page at most. Nothing tells how many bids there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from ledger.errors import _
from trading.models import Lot
from trading.stages import PUBLISHED, Stage

SHOWN = 50
BEHIND, AHEAD = timedelta(days=7), timedelta(days=60)
WORDS = {
    Stage.BIDDING: (_("Bids are being taken"), "calm"),
    Stage.CLOSING: (_("Bids are being counted"), "busy"),
    Stage.CLOSED: (_("Waiting for the host"), "busy"),
    Stage.OPENING: (_("Opening now"), "busy"),
    Stage.FAILED: (_("The lot failed"), "halt"),
    Stage.TERMINATED: (_("Called off"), "halt"),
}
OVER = (_("Opening over"), "good")


def openings(now: datetime) -> list[Lot]:
    """Published lots whose deadline is not long past and not far ahead, by deadline."""
    q = Lot.objects.filter(stage__in=[str(stage) for stage in PUBLISHED], deadline__isnull=False)
    found = q.filter(deadline__gte=now - BEHIND, deadline__lt=now + AHEAD).select_related("tender")
    return list(found.order_by("deadline", "code")[:SHOWN])


def facts_of(lot: Lot) -> Mapping[str, object]:
    """One opening for machines."""
    deadline = lot.deadline.isoformat() if lot.deadline else ""
    return {"lot": lot.code, "title": lot.title, "tender": lot.tender.title, "deadline": deadline, "stage": lot.stage}


def table_of(lots: Sequence[Lot]) -> dict[str, Any]:
    """The list as parts/data_table.html takes it."""
    rows = []
    for lot in lots:
        word, tone = WORDS.get(Stage(lot.stage), OVER)
        there = {"text": lot.code, "href": reverse("bidding:hall", kwargs={"lot": lot.code})}
        badge = {"badge": {"word": gettext(word), "tone": tone}}
        rows.append({"cells": [there, f"{lot.tender.title} · {lot.title}", lot.deadline, badge]})
    columns = [
        {"label": gettext("Lot"), "kind": "text"},
        {"label": gettext("Project and lot"), "kind": "text"},
        {"label": gettext("Bids until"), "kind": "time"},
        {"label": gettext("Stage"), "kind": "text"},
    ]
    return {"columns": columns, "rows": rows}
