"""How the evaluation ended: ranking, points of every member as a heat table, rejections, papers.

Enters: a room whose sheets are all in, and a reader whom the rules let see it. Leaves: plain values for template,
JSON and CSV, all of them computed from the report and the disclosed sheets. Members stand by their numbers until the
report is signed by all.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluation import words
from evaluation.exact import mean, rounded
from evaluation.members import members
from evaluation.models import ReportSignature, Room
from evaluation.report import Report
from evaluation.reporting import report_bytes, report_of
from evaluation.scoring import Sheet, outliers
from evaluation.standing import points
from ledger.actor import Actor
from trading import method

OUTLIER = Decimal("0.20")  # domain.md 4.7
SHADES = 4


def result_facts(room: Room) -> dict[str, Any]:
    """The result for machines."""
    made = report_of(room)
    signed = ReportSignature.objects.filter(seat__lot=room.lot).values_list("seat__code", flat=True)
    return {
        "lot": made.lot,
        "stage": room.stage,
        "report": hashlib.sha256(report_bytes(room)).hexdigest(),
        "base": None if made.base is None else f"{made.base:f}",
        "ranking": [_line_facts(made, line) for line in made.lines],
        "rejections": [_rejection_facts(row) for row in made.rejections],
        "candidates": list(made.candidates),
        "points": {seat: _sheet_facts(sheet) for seat, sheet in points(room).items()},
        "signed": sorted(signed),
    }


def _rejection_facts(row: Any) -> dict[str, Any]:
    votes = {"against": row.against, "for": row.in_favour}
    return {"bid": row.bid, "item": row.item, "clause": row.clause, **votes, "reasons": list(row.reasons)}


def _sheet_facts(sheet: Sheet) -> dict[str, dict[str, str]]:
    return {bid: {item: f"{value:f}" for item, value in row.items()} for bid, row in sheet.items()}


def _line_facts(made: Report, line: Any) -> dict[str, Any]:
    bid = made.bid(line.bid)
    figures = {name: getattr(line, name) for name in ("deviation", "price_points", "technical", "total")}
    said = {name: None if value is None else f"{value:.2f}" for name, value in figures.items()}
    return {
        "place": line.place,
        "bid": line.bid,
        "number": bid.number,
        "name": bid.name,
        "price": f"{bid.price:f}",
        **said,
    }


def result_context(room: Room, actor: Actor) -> dict[str, Any]:
    """The result for the template."""
    made, facts = report_of(room), result_facts(room)
    titles = {one.code: one.title for one in method.parse(json.loads(made.method)).criteria}
    signed = ReportSignature.objects.filter(seat__lot=room.lot, seat__sitting=True)
    own = signed.filter(seat__expert__account__code=actor.code).first()
    return {
        "lot": room.lot, "room": room, "report": made, "facts": facts,
        "rows": _ranking_rows(made), "columns": ranking_columns(),
        "quotes": _quotes(made), "heat": heat(made, points(room)),
        "rejected": [_rejected(made, titles, row) for row in made.rejections],
        "signed": signed.count(), "wanted": len(made.members), "has_signed": own is not None,
        "may_sign": room.stage == Room.REPORTING and own is None and _sits(room, actor),
        "members": members(room) if room.stage == Room.CLOSED else [],
    }  # fmt: skip


def _sits(room: Room, actor: Actor) -> bool:
    return room.lot.seats.filter(sitting=True, expert__account__code=actor.code).exists()


def ranking_columns() -> list[dict[str, str]]:
    """The heads of the ranking."""
    figures = [_("From base price (%)"), _("Price points"), _("Technical points"), _("Total")]
    return [
        {"label": _("Place"), "kind": "figure"},
        {"label": _("No."), "kind": "figure"},
        {"label": _("Bidder"), "kind": "text"},
        {"label": _("Price (yuan)"), "kind": "money"},
        *({"label": label, "kind": "figure"} for label in figures),
    ]


def _ranking_rows(made: Report) -> list[dict[str, Any]]:
    return [
        {
            "cells": [
                line.place, made.bid(line.bid).number, made.bid(line.bid).name, made.bid(line.bid).price,
                *("" if value is None else f"{value:.2f}" for value in
                  (line.deviation, line.price_points, line.technical, line.total)),
            ],
            "mine": line.bid in made.candidates,
        }
        for line in made.lines
    ]  # fmt: skip


def _quotes(made: Report) -> list[dict[str, Any]]:
    first, ranked = made.candidates[:1], {line.bid for line in made.lines}
    return [
        {
            "label": str(bid.number), "name": bid.name, "price": bid.price,
            "mark": "first" if bid.code in first else "" if bid.code in ranked else "out",
        }
        for bid in made.bids
    ]  # fmt: skip


def _rejected(made: Report, titles: Mapping[str, str], row: Any) -> dict[str, Any]:
    return {
        "bid": made.bid(row.bid),
        "item": titles.get(row.item, words.REJECTED_BY_RULE),
        "clause": row.clause,
        "votes": f"{row.against} : {row.in_favour}",
        "reasons": [_(words.INVALID[one]) if one in words.INVALID else one for one in row.reasons],
    }


def heat(made: Report, sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    """Members across, bids and criteria down; each cell with its shade around the mean of the line, outliers marked."""
    declared = method.parse(json.loads(made.method))
    seats = [seat for seat in made.members if seat in sheets]
    bids = [made.bid(line.bid) for line in made.lines]
    rows = [
        _heat_row(bid.number, bid.name, one.title, one.full, [sheets[seat][bid.code][one.code] for seat in seats])
        for bid in sorted(bids, key=lambda bid: bid.number)
        for one in declared.scoring
        if seats
    ]
    return {"seats": range(1, len(seats) + 1), "rows": rows}


def _heat_row(number: int, name: str, title: str, full: Decimal, given: Sequence[Decimal]) -> dict[str, Any]:
    middle = rounded(mean(given))
    marked = outliers({str(at): value for at, value in enumerate(given)}, OUTLIER)
    return {
        "number": number,
        "name": name,
        "title": title,
        "full": full,
        "mean": middle,
        "cells": [
            {"points": value, "shade": _shade(value - middle, full), "outlier": str(at) in marked}
            for at, value in enumerate(given)
        ],
    }


def _shade(off: Decimal, full: Decimal) -> str:
    """How far from the mean in shares of the full points: "", "up1" to "up4", "down1" to "down4"."""
    steps = min(SHADES, int(rounded(abs(off) * 20 / full, 0)))
    return f"{'up' if off > 0 else 'down'}{steps}" if steps else ""


def points_csv(room: Room) -> str:
    """Every point of every member as CSV: lot, bid number, criterion, seat number, points."""
    made, sheets = report_of(room), points(room)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["lot", "bid", "criterion", "seat", "points"])
    for line in made.lines:
        for number, seat in enumerate(made.members, start=1):
            for item, value in sheets.get(seat, {}).get(line.bid, {}).items():
                writer.writerow([made.lot, made.bid(line.bid).number, item, number, f"{value:.2f}"])
    return out.getvalue()
