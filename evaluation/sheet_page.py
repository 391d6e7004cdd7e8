"""The own sheet before it is signed: every cell as it will stand, what is missing, the digest of the bytes.

Enters: a room, the own seat, one part. Leaves: plain values for template and JSON. A signed sheet is shown as it was
signed.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.urls import reverse

from evaluation.drafts import STAGE, edition_of
from evaluation.models import Room, SignedSheet
from evaluation.offers import read_bids
from evaluation.room_page import grid
from evaluation.sheet import Part
from evaluation.signing import sheet_blockers_for, sheet_record
from evaluation.standing import admitted_codes
from experts.models import Seat
from ledger.actor import Actor
from ledger.errors import Reason, _, refused

FEW = 8


def sheet_facts(room: Room, seat: Seat, part: Part, actor: Actor) -> dict[str, Any]:
    """The sheet for machines: what hinders its signature, and the digest when nothing does."""
    digest, reasons = _digest(room, seat, part, actor)
    record = reverse("evaluation:sheet_bytes", kwargs={"lot": room.lot.code, "part": part.value})
    return {
        "seat": seat.code,
        "part": part.value,
        "digest": digest,
        "record": record,
        "blockers": [{"code": reason.code, "facts": reason.facts} for reason in reasons],
    }


def _digest(room: Room, seat: Seat, part: Part, actor: Actor) -> tuple[str, list[Reason]]:
    bids = read_bids(room.lot, actor)
    signed = SignedSheet.objects.filter(seat=seat, part=part.value, edition=edition_of(room, part)).first()
    if signed is not None:
        return signed.digest, [Reason("evaluation.sheet_final", _("This sheet is signed and final."))]
    reasons = sheet_blockers_for(room, seat, part, bids)
    return ("", reasons) if reasons else (hashlib.sha256(sheet_record(room, seat, part, bids)).hexdigest(), [])


def sheet_context(room: Room, seat: Seat, part: Part, actor: Actor) -> dict[str, Any]:
    """The sheet for the template. Refused evaluation.room_stage outside its step."""
    if room.stage != STAGE[part]:
        text = _("The panel is past this step, or not there yet (%(stage)s).")
        refused("evaluation.room_stage", text, stage=room.stage)
    bids = read_bids(room.lot, actor)
    admitted = set(admitted_codes(room, bids))
    shown = [bid for bid in bids if part is Part.ADMISSION or bid.code in admitted]
    digest, reasons = _digest(room, seat, part, actor)
    return {
        "lot": room.lot,
        "seat": seat,
        "part": part.value,
        "digest": digest,
        "grid": grid(room, seat, part, shown),
        "reasons": reasons[:FEW],
        "more": max(0, len(reasons) - FEW),
    }
