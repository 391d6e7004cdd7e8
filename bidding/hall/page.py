"""What the hall's templates need: tiles, steps, actions with the reasons against them, prices for the strip.

Enters: a board, who looks, the instant. Leaves: dictionaries in the forms of the parts under config/templates/parts.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bidding.custody.keys import label_on
from bidding.custody.sheets import sheet_in_force
from bidding.envelope.policy import in_words
from bidding.envelope.sheet import policy_of
from bidding.hall import entering as acts
from bidding.hall import shown
from bidding.hall.board import Board, scene_of
from bidding.hall.countdowns import countdowns
from bidding.hall.log import last_number, lines
from bidding.hall.objections import own_bid
from bidding.hall.record import PART_OF, confirmation_blockers, signing_blockers
from bidding.models.opening import PARTS
from bidding.opening.events import ReadBid
from bidding.opening.reasons import why
from bidding.opening.release import release_blockers
from ledger import rights
from ledger.actor import Actor, Role
from ledger.errors import Reason, Refused, _
from trading.money import capitals
from trading.stages import Stage

Facts = dict[str, Any]
WAITING_ENDED = _(
    "Too few custodians came, and the regulator ended the wait. No bidder answers for it: what did not open counts as "
    "withdrawn."
)
NONE_OPENED = _("No bid could be opened: the lot failed. The record says of each envelope why.")
OFFICES = {"a": "agent", "c": "centre", "r": "regulator"}


def board_context(board: Board, actor: Actor, now: datetime) -> Facts:
    """The context of the board fragment; `mine` is the number of the asker's own envelope, 0 for everybody else."""
    mine, scene = _own_number(board, actor), scene_of(board)
    context = {
        "board": board,
        "lot": board.lot,
        "steps": shown.steps(scene),
        "tiles": shown.tiles(scene),
        "tally": shown.tally(scene),
        "lights": [_light(board, light.leaf, light.body, lit=light.is_lit) for light in board.lights],
        "entries": lines(board.lot),
        "last": last_number(board.lot),
        "quotes": _quotes(board),
        "table": _table(board, mine),
        "mine": mine,
        "giving": _giving(board, actor),
        "actions": _actions(board, actor, now),
        "signatures": [{"word": _part(part), "is_lit": part in board.signed} for part in PARTS],
        "countdowns": [{"label": gettext(one.label), "until": one.until} for one in countdowns(board, now)],
        "resting": _resting(board),
        "notes": _notes(board),
        "policy": _policy(board),
        "oversees": rights.may("bidding:oversight:view", actor, board.lot),
    }
    return {**context, "seen": _fingerprint(context)}


def _resting(board: Board) -> Facts | None:
    """Why and since when the opening rests."""
    row = board.pause
    if row is None:
        return None
    return {"since": row.at, "reason": row.reason, "clause": gettext(row.clause) if row.clause else ""}


def _notes(board: Board) -> list[str]:
    """What the board must say in words: that the wait was ended, that nothing could be opened."""
    ended = board.hours is not None and board.hours.waiting_ended_at is not None
    none = board.lot.stage == Stage.FAILED and board.readout is not None and not board.readout.bids
    said = [(ended, WAITING_ENDED), (none, NONE_OPENED)]
    return [gettext(text) for holds, text in said if holds]


def _policy(board: Board) -> str:
    """Whose keys open the bids, in words."""
    return in_words(policy_of(sheet_in_force(board.lot)), gettext) if board.lights else ""


def _fingerprint(context: Facts) -> str:
    """Changes when, and only when, something on the board changes."""
    shown = {name: value for name, value in context.items() if name not in {"board", "lot"}}
    said = json.dumps([shown, context["lot"].stage, context["lot"].paused], default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _light(board: Board, leaf: str, body: str, *, lit: bool) -> Facts:
    party = getattr(board.lot.tender, OFFICES.get(leaf[0], ""), None)
    return {"leaf": leaf, "word": gettext(body), "name": party.name if party else "", "is_lit": lit}


def _part(part: str) -> str:
    return gettext("Host") if part == PARTS[0] else gettext("Witness")


def _quotes(board: Board) -> list[Facts]:
    found = board.readout.bids if board.readout else ()
    return [
        {"label": str(one.number), "name": one.name, "price": one.price, "mark": "out" if one.invalid else ""}
        for one in found
    ]


def _own_number(board: Board, actor: Actor) -> int:
    if actor.role is not Role.BIDDER or not board.tiles:
        return 0
    own = acts.own_envelope(board.lot, actor)
    return next((tile.number for tile in board.tiles if own is not None and tile.receipt == own.number), 0)


def _table(board: Board, mine: int) -> Facts | None:
    """The read-out as a table: every bid, also those that did not open."""
    if board.readout is None:
        return None
    confirmed = {tile.number: tile.bid.confirmed_at for tile in board.tiles if tile.bid is not None}
    cells = {one.number: _opened_cells(one, confirmed.get(one.number)) for one in board.readout.bids}
    cells |= {one.number: [one.number, one.name, "", "", "", why(one.reason), ""] for one in board.readout.failed}
    return {
        "columns": [
            {"label": gettext("No."), "kind": "figure"},
            {"label": gettext("Bidder"), "kind": "text"},
            {"label": gettext("Bid price"), "kind": "money", "unit": gettext("yuan")},
            {"label": gettext("Price in words"), "kind": "text"},
            {"label": gettext("Duration"), "kind": "figure", "unit": gettext("calendar days")},
            {"label": gettext("Remarks"), "kind": "text"},
            {"label": gettext("Confirmed"), "kind": "text"},
        ],
        "rows": [{"cells": cells[number], "mine": number == mine} for number in sorted(cells)],
    }


def _opened_cells(one: ReadBid, confirmed_at: datetime | None) -> list[object]:
    price = {"text": f"{one.price:,}", "value": str(one.price)}
    remarks = " ".join(why(code) for code in (one.invalid, *one.cover) if code)
    return [one.number, one.name, price, capitals(one.price), one.days or "", remarks, _confirmed(confirmed_at)]


def _confirmed(at: datetime | None) -> Facts:
    word, tone, icon = (gettext("Yes"), "good", "check") if at else (gettext("Not yet"), "still", "waiting")
    return {"badge": {"word": word, "tone": tone, "icon_name": icon}}


def _action(board: Board, act: str, label: str, reasons: list[Reason], **more: object) -> Facts:
    address = reverse(f"bidding:{act.split(':')[1]}_{act.split(':')[2]}", kwargs={"lot": board.lot.code})
    return {"name": act, "label": label, "post": address, "reasons": reasons, "kind": "primary", **more}


def _actions(board: Board, actor: Actor, now: datetime) -> list[Facts]:
    """What this actor may do in the hall now; a button that is not allowed yet carries its reasons."""
    lot, found = board.lot, []
    if rights.may("bidding:hall:open", actor, lot):
        label, then = gettext("Open the hall"), gettext("Each envelope gets its number; then the custodians come.")
        found.append(_action(board, "bidding:hall:open", label, acts.opening_blockers(lot, now), next=then))
    if rights.may("bidding:hall:join", actor, lot) and board.readout is None:
        found.append(_action(board, "bidding:hall:join", gettext("Sign in"), acts.sign_in_blockers(lot, actor)))
    if rights.may("bidding:record:confirm", actor, lot):
        reasons = _confirming(board, actor, now)
        found.append(_action(board, "bidding:record:confirm", gettext("Confirm my price"), reasons))
    if rights.may("bidding:record:sign", actor, lot) and board.readout is not None:
        reasons = signing_blockers(lot, PART_OF[actor.role], now)
        there = reverse("bidding:record", kwargs={"lot": lot.code})
        action = _action(board, "bidding:record:sign", gettext("Sign the record"), reasons)
        found.append({**action, "post": "", "href": f"{there}#sign"})
    return found


def _giving(board: Board, actor: Actor) -> Facts | None:
    """For a custodian: where the shares are given, or why not now."""
    if not rights.may("bidding:share:release", actor, board.lot) or board.readout is not None:
        return None
    return {
        "reasons": release_blockers(board.lot, label_on(sheet_in_force(board.lot), actor)),
        "command": f"python -m bidding.client release {board.lot.code}",
        "headers": reverse("bidding:headers", kwargs={"lot": board.lot.code}),
        "release": reverse("bidding:release", kwargs={"lot": board.lot.code}),
    }


def _confirming(board: Board, actor: Actor, now: datetime) -> list[Reason]:
    if board.hall is None:
        return []
    try:
        return confirmation_blockers(board.hall, own_bid(board.lot, actor), now)
    except Refused as refusal:
        return list(refusal.reasons)
