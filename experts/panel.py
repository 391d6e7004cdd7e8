"""The draw of a panel: request, three commitments, the frozen pool, three seeds, and the order that follows from them.

Enters: what the agent needs, the firms to avoid as credit codes, seeds of agent, supervisor and centre. Leaves: a
`Draw` whose result nobody chose and anybody can compute again (experts/lottery.py), with an entry for each step. A
lot has one live draw (promise P17): a second needs the first to be void.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from experts import lottery
from experts.events import (
    SHOWN_ORDER,
    DrawDrawn,
    DrawRequested,
    DrawVoided,
    PoolFrozen,
    SeedCommitted,
    SeedRevealed,
)
from experts.invitations import drawing, invite
from experts.lottery import Need, Request
from experts.models import Candidate, Draw, Seat, SeedPart
from experts.pooling import gather, request_of
from experts.register import SPECIALITY
from experts.rules import body_of
from ledger import objects
from ledger.act import This, act
from ledger.actor import Actor
from ledger.canon import encode
from ledger.errors import Reason, Refused, _, refuse, refused
from trading import method
from trading.models import Lot

MOST_AVOIDED = 500


@dataclass(frozen=True)
class Wanted:
    """What a draw is asked for: experts by speciality, when and where the evaluation begins, how many days it takes."""

    needs: tuple[Need, ...]
    meets_at: datetime
    place: str
    days: int


def live_draw(lot: Lot) -> Draw | None:
    """The draw of the lot that is not void."""
    return Draw.objects.exclude(stage=Draw.VOID).filter(lot=lot).first()


def _draw(this: This[Lot], *stages: str) -> Draw:
    """The lot's live draw, locked, in one of these stages; Refused experts.draw_missing, experts.draw_stage."""
    draw = Draw.objects.select_for_update().exclude(stage=Draw.VOID).filter(lot=this.on).first()
    if draw is None:
        refused("experts.draw_missing", _("No draw has been requested for this lot."))
    if draw.stage not in stages:
        refused("experts.draw_stage", _("The draw is past this step, or not there yet (%(stage)s)."), stage=draw.stage)
    return draw


def request(lot: Lot, wanted: Wanted, avoid: Sequence[str], *, actor: Actor) -> Draw:
    """Ask for a panel. `avoid` holds the bidders' credit codes; the bodies around the tender are avoided anyway."""
    with act("experts:draw:request", actor, on=lot) as this:
        refuse(request_blockers(this.on, wanted, this.now))
        asked = Request(os.urandom(16), this.on.code, wanted.needs, wanted.meets_at)
        draw = Draw.objects.create(
            lot=this.on,
            code=asked.id.hex(),
            request=encode(asked),
            avoid=sorted(set(avoid))[:MOST_AVOIDED],
            meets_at=wanted.meets_at,
            place=wanted.place,
            days=wanted.days,
        )
        this.record(DrawRequested(draw.code, asked.seats, lottery.request_digest(asked)))
    return draw


def request_blockers(lot: Lot, wanted: Wanted, at: datetime) -> list[Reason]:
    """Why this cannot be asked for: experts.draw_twice, .need, .specialities, .meeting."""
    members = method.parse(lot.method).members
    names = [need.speciality for need in wanted.needs]
    known = len(set(names)) == len(names) and all(SPECIALITY.fullmatch(name) for name in names)
    found = [
        (live_draw(lot) is not None, "draw_twice", _("This lot has a draw already; it must be void before another.")),
        (
            sum(need.count for need in wanted.needs) != members,
            "need",
            _("The tender document wants a panel of %(members)s."),
        ),
        (not known, "specialities", _("Each speciality is named once, with a code like A08.")),
        (
            wanted.meets_at < at or not wanted.place.strip() or not 1 <= wanted.days <= 30,
            "meeting",
            _("The evaluation begins now or later, at a named place, and takes one to thirty days."),
        ),
    ]
    return [Reason(f"experts.{word}", text, {"members": str(members)}) for is_so, word, text in found if is_so]


def commit_seed(lot: Lot, commitment: str, *, actor: Actor) -> SeedPart:
    """Take a body's commitment (SHA-256, hex; lottery.seed_commitment) before the pool is frozen, once."""
    with act("experts:seed:commit", actor, on=lot) as this:
        draw, body = _draw(this, Draw.REQUESTED), body_of(actor, this.on)
        digest = _bytes(commitment, lottery.DIGEST)
        if draw.parts.filter(body=body).exists():
            refused("experts.committed", _("This body has committed to a seed already."))
        part = SeedPart.objects.create(draw=draw, body=body, commitment=digest.hex())
        this.record(SeedCommitted(draw.code, body, digest))
    return part


def _bytes(text: str, length: int) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != length or text != text.strip().lower():
        refused("experts.not_hex", _("This must be 32 bytes in small hexadecimal digits."))
    return found


def freeze_pool(lot: Lot, *, actor: Actor) -> Draw:
    """Freeze the pool after the three commitments and publish its root: nobody comes or goes once a seed is known."""
    with act("experts:pool:freeze", actor, on=lot) as this:
        draw = _draw(this, Draw.REQUESTED)
        if draw.parts.count() < len(lottery.ROLES):
            refused("experts.commitments_missing", _("Agent, supervisor and centre commit to their seeds first."))
        pool, rows = gather(draw)
        asked = request_of(draw)
        fit = len(pool.lines) - len(lottery.exclusions(asked, pool))
        if fit < asked.seats:
            refused("experts.pool_small", _("Only %(fit)s experts may be drawn for this request."), fit=str(fit))
        Candidate.objects.bulk_create(rows, batch_size=500)
        root = lottery.pool_root(pool)
        stored = objects.put("draws", encode(pool))
        this.move(draw, Draw.FROZEN)
        this.swap(draw, pool=("", stored.name), root=("", root.hex()), size=(0, fit))
        this.record(PoolFrozen(draw.code, root, len(pool.lines), fit))
    return draw


def reveal_seed(lot: Lot, seed: str, *, actor: Actor) -> Draw:
    """Take the seed a body committed to; the third one makes the order, and those whose turn it is are asked."""
    with act("experts:seed:reveal", actor, on=lot) as this:
        draw, body = _draw(this, Draw.FROZEN), body_of(actor, this.on)
        part = draw.parts.get(body=body)
        if part.seed:
            refused("experts.revealed", _("This body has shown its seed already."))
        shown = _bytes(seed, lottery.SEED)
        if lottery.seed_blockers(request_of(draw).id, body, bytes.fromhex(part.commitment), shown):
            refused("experts.seed_mismatch", _("This seed is not the one that was committed."))
        this.swap(part, seed=("", shown.hex()))
        this.record(SeedRevealed(draw.code, body, shown))
        if not draw.parts.filter(seed="").exists():
            _draw_now(this, draw)
    return draw


def _draw_now(this: This[Lot], draw: Draw) -> None:
    record = drawing(draw)
    try:
        result = lottery.recompute(record)
    except Refused as refusal:
        # The seeds are public now and decide that this pool has no panel: no second throw of the same dice.
        this.move(draw, Draw.VOID)
        this.record(DrawVoided(draw.code, ", ".join(sorted(set(refusal.codes)))))
        return
    digest, seed = lottery.request_digest(record.request), lottery.final_seed(record)
    this.move(draw, Draw.DRAWN)
    this.record(DrawDrawn(draw.code, bytes.fromhex(draw.root), digest, seed, result.order[:SHOWN_ORDER]))
    for seat in result.seats:
        invite(this, draw, seat)


def void(lot: Lot, reason: str, *, actor: Actor) -> Draw:
    """Declare the draw void, with the reason, before its panel is complete; its entries stay in the log."""
    with act("experts:draw:void", actor, on=lot) as this:
        draw = _draw(this, Draw.REQUESTED, Draw.FROZEN, Draw.DRAWN)
        if not reason.strip():
            refused("experts.reason_missing", _("A reason is needed; it is kept with the draw."))
        Seat.objects.filter(candidate__draw=draw, sitting=True).update(sitting=False)
        this.move(draw, Draw.VOID)
        this.record(DrawVoided(draw.code, reason))
    return draw
