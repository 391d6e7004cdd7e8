"""Reads for the pages of a draft: what is there, what is missing, the fields of its forms.

Enters: a draft, the instant. Leaves: values for form.html, parts/summary_list.html and the like.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from ledger.errors import Reason, Refused
from trading import method, publishing
from trading.models import Lot, Party, Tender
from trading.money import capitals, thousands
from trading.periods import local
from trading.procedures.known import known, procedure_of
from trading.reading.story import Row

PLACES = ("purchaser", "agent", "centre", "regulator")
MOST_PARTIES = 500


def presets() -> list[tuple[str, str]]:
    """The methods that ship: JSON text and name."""
    made = [(method.WORKED, _("Comprehensive evaluation: price 60, technical 40")),
            (method.LOWEST, _("Lowest evaluated price"))]  # fmt: skip
    return [(spelled(declared), name) for declared, name in made]


def spelled(declared: object) -> str:
    """A method as the text that forms send."""
    return json.dumps(declared, ensure_ascii=False, sort_keys=True)


def tender_fields(party: Party | None) -> list[Row]:
    """The fields of a new tender; parties are chosen among those that have an account of that role."""
    labels = {"purchaser": _("Purchaser"), "agent": _("Agent"), "centre": _("Trading centre"),
              "regulator": _("Regulator")}  # fmt: skip
    kinds = [{"value": code, "label": _(kind.name), "chosen": True} for code, kind in known().items()]
    own = party.credit_code if party else ""
    return [
        {"name": "title", "label": _("Title"), "kind": "text", "required": True, "maxlength": 200},
        {"name": "summary", "label": _("What is tendered"), "kind": "textarea", "required": True},
        {"name": "procedure", "label": _("Kind of trade"), "kind": "select", "options": kinds, "required": True},
        *(
            {"name": place, "label": labels[place], "kind": "select", "required": True, "options": _parties(place, own)}
            for place in PLACES
        ),
    ]  # fmt: skip


def _parties(role: str, own: str) -> list[Row]:
    found = Party.objects.filter(accounts__role=role).distinct().order_by("name")[:MOST_PARTIES]
    return [
        {"value": one.credit_code, "label": f"{one.name} {one.credit_code}", "chosen": one.credit_code == own}
        for one in found
    ]


def lot_fields(lot: Lot | None = None) -> list[Row]:
    """The fields of a lot; its method is one of those that ship, or its own."""
    present = spelled(lot.method) if lot else ""
    options = [{"value": text, "label": name, "chosen": text == present} for text, name in presets()]
    if lot and present not in {text for text, _name in presets()}:
        options.append({"value": present, "label": _("As it is now"), "chosen": True})
    ceiling = f"{lot.ceiling:f}" if lot and lot.ceiling is not None else ""
    return [
        {"name": "title", "label": _("Title of the lot"), "kind": "text", "required": True, "maxlength": 200,
         "value": lot.title if lot else ""},
        {"name": "ceiling", "label": _("Ceiling price"), "kind": "money", "unit": _("yuan"), "value": ceiling,
         "hint": _("Digits with at most one point, like 9600000.00")},
        {"name": "bond", "label": _("Bid bond"), "kind": "money", "unit": _("yuan"), "required": True,
         "value": f"{lot.bond:f}" if lot else "0",
         "hint": _("At most 2 per cent of the ceiling price (Bidding Regulation, article 26); 0 for none")},
        {"name": "days", "label": _("Duration"), "kind": "number", "unit": _("days"), "required": True,
         "value": lot.days if lot else ""},
        {"name": "method", "label": _("Evaluation method"), "kind": "select", "options": options, "required": True},
    ]  # fmt: skip


def summary(tender: Tender, deadline: datetime | None) -> list[Row]:
    """Check your answers: every line of the notice, with the way to change it."""
    edit = f"/tenders/{tender.code}/draft"
    rows: list[Row] = [
        {"label": _("Title"), "value": tender.title, "change_href": edit},
        {"label": _("What is tendered"), "lines": tender.summary.splitlines(), "change_href": edit},
        {"label": _("Kind of trade"), "value": _(procedure_of(tender.procedure).name)},
        {"label": _("Purchaser"), "value": tender.purchaser.name, "minor": tender.purchaser.credit_code},
        {"label": _("Agent"), "value": tender.agent.name, "minor": tender.agent.credit_code},
        {"label": _("Trading centre"), "value": tender.centre.name},
        {"label": _("Regulator"), "value": tender.regulator.name},
    ]
    rows += [_lot_row(lot) for lot in tender.lots.all()]
    rows.append({"label": _("Papers"), "lines": [paper.name for paper in tender.papers.all()], "change_href": edit})
    if deadline:
        rows.append({"label": _("Deadline for bids"), "value": f"{local(deadline):%Y-%m-%d %H:%M:%S}"})
    return rows


def suggested(tender: Tender, now: datetime) -> datetime | None:
    """The first lawful deadline if the notice were given now; None when the holiday table does not reach so far."""
    try:
        return publishing.suggested_deadline(tender, now)
    except Refused:
        return None


def distinct(reasons: Iterable[Reason]) -> list[Reason]:
    """Each reason once, in order."""
    return list({str(reason): reason for reason in reasons}.values())


def _lot_row(lot: Lot) -> Row:
    ceiling = thousands(lot.ceiling) if lot.ceiling is not None else _("none")
    lines = [
        lot.title,
        _("Ceiling price: %(amount)s yuan") % {"amount": ceiling},
        _("Bid bond: %(amount)s yuan") % {"amount": thousands(lot.bond)},
        _("Duration: %(days)s days") % {"days": lot.days},
    ]
    minor = capitals(lot.ceiling) if lot.ceiling is not None else ""
    return {"label": lot.code, "lines": lines, "minor": minor, "change_href": f"/lots/{lot.code}/edit"}
