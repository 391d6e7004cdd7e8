"""Drafting: the purchaser or its agent writes a tender and its lots. Until the notice nobody else sees them.

Enters: `TenderDraft`, `LotDraft`. Leaves: rows in stage draft; the log only learns that something is being written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse, refused
from trading import method
from trading.enrolment import registered
from trading.events import LotAmended, LotDrafted, TenderAmended, TenderDrafted
from trading.models import Lot, Party, Tender
from trading.money import CENT, TOO_MUCH
from trading.periods import local
from trading.procedures.known import procedure_of

MOST_LOTS = 99
LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class TenderDraft:
    """What a tender says of itself; parties by credit code."""

    title: str
    summary: str
    procedure: str
    purchaser: str
    agent: str
    centre: str
    regulator: str


@dataclass(frozen=True)
class LotDraft:
    """A lot: `ceiling` None where there is none, `bond` 0 for none, `days` of the works, method as JSON mapping."""

    title: str
    ceiling: Decimal | None
    bond: Decimal
    days: int
    method: Mapping[str, object]


def draft_tender(draft: TenderDraft, *, actor: Actor) -> Tender:
    """Begin a tender. `trading.parties_same` unless agent, centre and regulator are three bodies."""
    with act("trading:tender:draft", actor, on=None) as this:
        procedure_of(draft.procedure)
        refuse(title_blockers(draft.title))
        around = {name: registered(getattr(draft, name)) for name in ("purchaser", "agent", "centre", "regulator")}
        refuse(_party_blockers(around, actor))
        tender = Tender.objects.create(
            code=_next_code(this), title=draft.title, summary=draft.summary, procedure=draft.procedure, **around
        )
        this.record(TenderDrafted(tender.code), scope=tender.code)
    return tender


def amend_tender(tender: Tender, title: str, summary: str, *, actor: Actor) -> Tender:
    """Change the words of a draft."""
    with act("trading:tender:amend", actor, on=tender) as this:
        refuse(title_blockers(title))
        this.swap(this.on, title=(this.on.title, title), summary=(this.on.summary, summary))
        this.record(TenderAmended(tender.code))
    return this.on


def draft_lot(tender: Tender, draft: LotDraft, *, actor: Actor) -> Lot:
    """Add a lot to a draft; its number is the next one."""
    with act("trading:lot:draft", actor, on=tender) as this:
        refuse(draft_lot_blockers(draft))
        refuse(_blind_blockers(this.on, draft))
        number = this.on.lots.count() + 1
        if number > MOST_LOTS:
            refused("trading.lots_too_many", _("A tender has at most 99 lots."))
        lot = Lot.objects.create(tender=this.on, number=number, code=f"{tender.code}-{number}", **_fields(draft))
        this.record(LotDrafted(lot.code), scope=lot.code)
    return lot


def amend_lot(lot: Lot, draft: LotDraft, *, actor: Actor) -> Lot:
    """Change a lot of a draft."""
    with act("trading:lot:amend", actor, on=lot) as this:
        refuse(draft_lot_blockers(draft))
        refuse(_blind_blockers(this.on.tender, draft))
        this.swap(this.on, **{name: (getattr(this.on, name), value) for name, value in _fields(draft).items()})
        this.record(LotAmended(lot.code))
    return this.on


def draft_lot_blockers(draft: LotDraft) -> list[Reason]:
    """Why these facts cannot stand for a lot, whatever the procedure: title, figures, method."""
    return [*title_blockers(draft.title), *_figure_blockers(draft)]


def _blind_blockers(tender: Tender, draft: LotDraft) -> Iterator[Reason]:
    """A volume is judged blind only if bids for this kind of trade have it."""
    volumes = {volume.code for volume in procedure_of(tender.procedure).volumes}
    for code in method.parse(draft.method).blind:
        if code not in volumes:
            text = _("Bids for this kind of trade have no volume called %(code)s that could be judged blind.")
            yield Reason("trading.method_blind", text, {"code": code})


def _fields(draft: LotDraft) -> dict[str, object]:
    facts = {"title": draft.title, "ceiling": draft.ceiling, "bond": draft.bond, "days": draft.days}
    return {**facts, "method": method.to_json(method.parse(draft.method))}


def title_blockers(title: str) -> list[Reason]:
    """Why this cannot be the title of anything."""
    if 2 <= len(title) <= 200:
        return []
    return [Reason("trading.title", _("A title has 2 to 200 characters."))]


def _figure_blockers(draft: LotDraft) -> Iterator[Reason]:
    ceiling = CENT if draft.ceiling is None else draft.ceiling
    if not CENT <= ceiling < TOO_MUCH or ceiling != ceiling.quantize(CENT):
        yield Reason("trading.ceiling", _("A ceiling price is more than zero, with at most two places."))
    if not 0 <= draft.bond < TOO_MUCH or draft.bond != draft.bond.quantize(CENT):
        yield Reason("trading.bond", _("A bond is an amount with at most two places."))
    if not 1 <= draft.days <= LONGEST_DAYS:
        yield Reason("trading.days", _("The works take 1 to 36,500 days."))


def _party_blockers(around: Mapping[str, Party], actor: Actor) -> Iterator[Reason]:
    if actor.organisation not in {around["purchaser"].code, around["agent"].code}:
        yield Reason("trading.not_your_tender", _("You draft for your own organisation, as purchaser or agent."))
    if len({around[name].pk for name in ("agent", "centre", "regulator")}) < 3:
        yield Reason("trading.parties_same", _("Agent, centre and regulator are three different organisations."))


def _next_code(this: This[None]) -> str:
    prefix = f"sl-{local(this.now).year}-"
    last = Tender.objects.filter(code__startswith=prefix).order_by(F("code").desc()).values_list("code", flat=True)
    return f"{prefix}{int(last[0].removeprefix(prefix)) + 1 if last else 1:04d}"
