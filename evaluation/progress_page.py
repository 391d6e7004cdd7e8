"""The evaluation from outside: who has entered, voted and signed, and what agent and purchaser can do next.

Enters: a lot and somebody around the tender. Leaves: plain values for template and JSON. No point, no vote, no name
of a member.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation import words
from evaluation.models import Room
from evaluation.room import opening_blockers
from evaluation.room_page import member_facts, steps
from evaluation.rules import may_see_result, room_of
from experts.log_lines import last_number, lines
from experts.panel import live_draw
from ledger.actor import Actor
from ledger.rights import may
from trading import method
from trading.desks import Action
from trading.models import Lot
from trading.stages import Stage


def progress_facts(lot: Lot) -> dict[str, Any]:
    """The state of the evaluation for machines."""
    room, draw = room_of(lot), live_draw(lot)
    return {
        "lot": lot.code,
        "lot_stage": lot.stage,
        "draw": draw.stage if draw else "",
        "stage": room.stage if room else "",
        "members": member_facts(room) if room else [],
    }


def progress_context(lot: Lot, actor: Actor, now: datetime) -> dict[str, Any]:
    """The same for the template, with what the reader can do."""
    room, draw = room_of(lot), live_draw(lot)
    return {
        "lot": lot, "room": room, "draw": draw, "now": now,
        "steps": steps(room) if room else [], "members": member_facts(room) if room else [],
        "word": _(words.STAGES[room.stage]) if room else "",
        "entries": lines(lot, "evaluation", "experts"), "last": last_number(lot),
        "may_request": may("experts:draw:request", actor, lot) and draw is None,
        "panel_size": method.parse(lot.method).members,
        "actions": _actions(lot, room, actor),
        "result": reverse("evaluation:result", kwargs={"lot": lot.code}) if may_see_result(actor, lot) else "",
    }  # fmt: skip


def _actions(lot: Lot, room: Room | None, actor: Actor) -> list[Action]:
    found = []
    if may("evaluation:room:open", actor, lot):
        address = reverse("evaluation:room_open", kwargs={"lot": lot.code})
        reasons = tuple(opening_blockers(lot))
        after = _("The members enter, declare and judge; nobody else does.")
        found.append(Action("open", _("Open the evaluation room"), "", "primary", after, reasons, address))
    if lot.stage == Stage.EVALUATED and may("evaluation:candidates:publish", actor, lot) and room is not None:
        address = reverse("evaluation:candidates_publish", kwargs={"lot": lot.code})
        after = _("They stand in public for at least three days (Bidding Regulation, article 54).")
        found.append(Action("publish", _("Publish the candidates"), "", "primary", after, (), address))
    return found
