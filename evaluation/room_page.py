"""The room as a member sees it: the panel's progress, the bids side by side, the own sheet; nothing of other sheets.

Enters: a lot, its room, the member's seat. Leaves: plain values for template and JSON. Of others it says that they
have entered, voted, signed; never what (promise P21). Bids are shown once the member has declared that no conflict is
known.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bidding.opening.opened import OpenedBid
from evaluation import low_bids, words
from evaluation.drafts import edition_of
from evaluation.models import Attendance, Draft, LeaderVote, ReportSignature, Room, SignedSheet
from evaluation.offers import bidder_names, read_bids
from evaluation.room import panel
from evaluation.sheet import Part
from evaluation.standing import admitted_codes, verdicts
from experts.log_lines import last_number, lines
from experts.models import Seat
from ledger.actor import Actor
from trading import method
from trading.models import Lot
from trading.money import capitals, thousands

ZERO = Decimal(0)
PART = {Room.ADMITTING: Part.ADMISSION, Room.SCORING: Part.SCORES}


def steps(room: Room) -> list[dict[str, str]]:
    """The steps of the evaluation as parts/steps.html draws them."""
    declared = method.parse(room.lot.method)
    names = [Room.GATHERING, Room.ADMITTING, Room.SCORING, Room.REPORTING, Room.CLOSED]
    if declared.kind is method.Kind.LOWEST_PRICE:
        names.remove(Room.SCORING)
    here = {Room.TIED: Room.REPORTING, Room.FAILED: Room.CLOSED}.get(room.stage, room.stage)
    at = len(names) if room.stage == Room.CLOSED else names.index(here)
    return [
        {"word": _(words.STAGES[name]), "state": "done" if place < at else "current" if place == at else "next"}
        for place, name in enumerate(names)
    ]


def member_facts(room: Room) -> list[dict[str, Any]]:
    """Each seat and how far it is. One query for each kind of mark, however many seats there are."""
    seats = panel(room.lot)
    marks = {
        "entered": _marked(Attendance, seats),
        "voted": _marked(LeaderVote, seats),
        "admission": _signed(seats, Part.ADMISSION, 1),
        "scores": _signed(seats, Part.SCORES, room.edition),
        "report": _marked(ReportSignature, seats),
    }
    return [
        {
            "seat": seat.code,
            "number": seat.number,
            "leads": seat.pk == room.leader_id,
            **{name: seat.pk in found for name, found in marks.items()},
        }
        for seat in seats
    ]


def _marked(kind: type[Attendance | LeaderVote | ReportSignature], seats: Sequence[Seat]) -> set[int]:
    return set(kind.objects.filter(seat__in=seats).values_list("seat_id", flat=True))


def _signed(seats: Sequence[Seat], part: Part, edition: int) -> set[int]:
    rows = SignedSheet.objects.filter(seat__in=seats, part=part.value, edition=edition)
    return set(rows.values_list("seat_id", flat=True))


def room_facts(room: Room, seat: Seat, actor: Actor) -> dict[str, Any]:
    """The room for a member's machine."""
    entered = Attendance.objects.filter(seat=seat).exists()
    bids = read_bids(room.lot, actor) if entered else []
    part = PART.get(room.stage)
    facts: dict[str, Any] = {
        "lot": room.lot.code,
        "stage": room.stage,
        "seat": seat.code,
        "number": seat.number,
        "entered": entered,
        "leader": room.leader.code if room.leader else "",
        "members": member_facts(room),
        "bidders": [{"number": number, "name": name} for number, name in bidder_names(room.lot)],
        "method": method.to_json(method.parse(room.lot.method)),
        "part": part.value if part else "",
        "edition": edition_of(room, part) if part else 0,
        "disputed": room.disputed,
        "bids": [_bid_facts(bid) for bid in bids],
        "admitted": admitted_codes(room, bids) if bids else [],
        "sheet": _cells(seat, part) if part else {},
    }
    return facts


def _bid_facts(bid: OpenedBid) -> dict[str, Any]:
    return {
        "code": bid.code,
        "number": bid.number,
        "name": bid.name,
        "credit_code": bid.credit_code,
        "price": f"{bid.price:f}",
        "days": bid.days,
        "items": dict(bid.items),
        "files": [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in bid.files],
        "invalid": bid.invalid,
        "cover": list(bid.cover),
    }


def _cells(seat: Seat, part: Part) -> dict[str, Any]:
    draft = Draft.objects.filter(seat=seat, part=part.value).first()
    return draft.cells if draft else {}


def room_context(room: Room, seat: Seat, actor: Actor) -> dict[str, Any]:
    """The room for the template."""
    members = member_facts(room)
    own = next(one for one in members if one["seat"] == seat.code)
    part = PART.get(room.stage)
    made = {
        "lot": room.lot, "room": room, "seat": seat, "steps": steps(room), "members": members, "own": own,
        "word": _(words.STAGES[room.stage]), "part": part.value if part else "",
        "entries": lines(room.lot, "evaluation", "experts"), "last": last_number(room.lot),
        "bidders": [name for _number, name in bidder_names(room.lot)], "waiting": _waiting(room, members),
        "here": f"{room.stage}-{room.edition}",
    }  # fmt: skip
    if not own["entered"]:
        return made
    bids = read_bids(room.lot, actor)
    shown = _shown(room, bids)
    final = part is not None and own[part.value]
    made |= {
        "bids": side_by_side(room.lot, bids),
        "quotes": quotes(room, bids),
        "final": final,
        "is_leader": own["leads"],
    }
    if part is not None and not final:
        made |= {"grid": grid(room, seat, part, shown), "filled": filled(seat, part, shown, room)}
    if room.stage == Room.TIED:
        made["tied"] = shown
    return made


def _waiting(room: Room, members: Sequence[dict[str, Any]]) -> int:
    """How many members the room still waits for."""
    marks = {
        Room.GATHERING: ("entered", "voted"),
        Room.ADMITTING: ("admission",),
        Room.SCORING: ("scores",),
        Room.REPORTING: ("report",),
    }
    wanted = marks.get(room.stage, ())
    return sum(1 for one in members if not all(one[name] for name in wanted))


def _shown(room: Room, bids: Sequence[OpenedBid]) -> list[OpenedBid]:
    if room.stage in {Room.GATHERING, Room.ADMITTING}:
        return list(bids)
    admitted = set(admitted_codes(room, bids))
    return [bid for bid in bids if bid.code in admitted]


def quotes(room: Room, bids: Sequence[OpenedBid]) -> list[dict[str, Any]]:
    """Prices for the strip: rejected ones are marked once the admission is counted."""
    out: set[str] = set()
    if room.stage not in {Room.GATHERING, Room.ADMITTING}:
        out = {one.bid for one in verdicts(room, bids) if not one.admitted}
    return [
        {"label": str(bid.number), "name": bid.name, "price": bid.price, "mark": "out" if bid.code in out else ""}
        for bid in bids
    ]


def side_by_side(lot: Lot, bids: Sequence[OpenedBid]) -> dict[str, Any]:
    """Bids as columns, what they state as rows."""
    flags = (
        low_bids.questioned({bid.code: bid.price for bid in bids}, low_bids.CONSTRUCTION, lot.ceiling) if bids else {}
    )
    names = sorted({name for bid in bids for name, _value in bid.items if name != "days"})
    stated = [dict(bid.items) for bid in bids]
    return {
        "heads": [{"number": bid.number, "name": bid.name} for bid in bids],
        "rows": [
            {"label": _("Price (yuan)"), "cells": [thousands(bid.price) for bid in bids], "figure": True},
            {"label": _("In capitals"), "cells": [capitals(bid.price) for bid in bids]},
            {"label": _("Days"), "cells": [str(bid.days) if bid.days else "—" for bid in bids], "figure": True},
            *({"label": name, "cells": [one.get(name, "—") for one in stated]} for name in names),
        ],
        "files": [
            [
                {
                    "name": one.name,
                    "size": -(-one.size // 1024),
                    "href": reverse("evaluation:bid_file", kwargs={"lot": lot.code, "bid": bid.code, "name": one.name}),
                }
                for one in bid.files
            ]
            for bid in bids
        ],
        "remarks": [_remarks(bid, bid.code in flags) for bid in bids],
    }


def _remarks(bid: OpenedBid, is_low: bool) -> list[str]:  # noqa: FBT001  a fact about the bid
    found = [_(words.INVALID[bid.invalid])] if bid.invalid in words.INVALID else []
    if is_low:
        found.append(_("Abnormally low: ask the bidder to explain (order 12, article 21)."))
    return [*found, *bid.cover]


def grid(room: Room, seat: Seat, part: Part, bids: Sequence[OpenedBid]) -> dict[str, Any]:
    """The own sheet as a form: bids down, criteria across."""
    declared, cells = method.parse(room.lot.method), _cells(seat, part)
    columns = declared.admission if part is Part.ADMISSION else declared.scoring
    disputed = {tuple(pair) for pair in room.disputed}
    rows = [
        {
            "bid": bid,
            "price": thousands(bid.price),
            "cells": [
                {
                    "column": one,
                    "id": f"{bid.number}-{one.code}",
                    "disputed": (bid.code, one.code) in disputed,
                    "steps": [f"{step:f}" for step in one.steps or (ZERO, one.full)],
                    **cells.get(bid.code, {}).get(one.code, {"value": "", "reason": ""}),
                }
                for one in columns
            ],
        }
        for bid in bids
    ]
    heads = [{"column": one, "kind": _(words.KINDS[one.kind])} for one in columns]
    return {"heads": heads, "rows": rows, "edition": edition_of(room, part)}


def filled(seat: Seat, part: Part, bids: Sequence[OpenedBid], room: Room) -> tuple[int, int]:
    """How many cells of the own sheet are filled, out of how many."""
    declared, cells = method.parse(room.lot.method), _cells(seat, part)
    columns = declared.admission if part is Part.ADMISSION else declared.scoring
    full = [bool(cells.get(bid.code, {}).get(one.code, {}).get("value")) for bid in bids for one in columns]
    return sum(full), len(full)
