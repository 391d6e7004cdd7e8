"""Tenders for tests, made by the acts themselves: a draft, a draft with everything, a published one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ledger.models import EntryRow
from tests.world import World
from trading import drafting, papers, publishing
from trading.drafting import LotDraft, TenderDraft
from trading.method import LOWEST, WORKED
from trading.models import Lot, Tender
from trading.publishing import CUSTODY, REHEARSED

DEADLINE = datetime.fromisoformat("2026-03-24T09:30:00+08:00")


def tender_draft(world: World, **facts: str) -> TenderDraft:
    around = {name: getattr(world, name).party.credit_code for name in ("purchaser", "agent", "centre", "regulator")}
    words = {"title": "滨海路改造工程", "summary": "道路长 3.2 公里。", "procedure": "construction"}
    return TenderDraft(**{**words, **around, **facts})


def lot_draft(**facts: object) -> LotDraft:
    figures: dict[str, object] = {"title": "一标段", "ceiling": Decimal(10_000_000), "bond": Decimal(200_000)}
    return LotDraft(**{**figures, "days": 300, "method": WORKED, **facts})  # type: ignore[arg-type]


def drafted(world: World, lots: int = 1) -> Tender:
    """A draft of the agent with `lots` lots, the second by lowest price."""
    tender = drafting.draft_tender(tender_draft(world), actor=world.agent.actor)
    for number in range(lots):
        method = LOWEST if number else WORKED
        drafting.draft_lot(tender, lot_draft(title=f"第{number + 1}标段", method=method), actor=world.agent.actor)
    return tender


def seal_sheets(world: World, tender: Tender) -> None:
    """Put the custody sheets of all lots and the rehearsal into the log, as the room above does before a notice."""
    for lot in tender.lots.all():
        entered(world, CUSTODY, lot.code)
    entered(world, REHEARSED, tender.code)


def entered(world: World, tag: str, scope: str) -> None:
    """An entry of the room above, of which this room reads no more than tag and scope."""
    EntryRow.objects.create(leaf=b"", tag=tag, scope=scope, at=world.clock.now())


def ready(world: World, lots: int = 1) -> Tender:
    """A draft that may be published."""
    tender = drafted(world, lots)
    for kind, name in (("tender_document", "招标文件.pdf"), ("review_record", "公平竞争审查.pdf")):
        papers.add_paper(tender, kind, name, f"{kind} of {tender.code}".encode(), actor=world.agent.actor)
    seal_sheets(world, tender)
    return tender


def published(world: World, lots: int = 1) -> Tender:
    """A tender that takes bids until `DEADLINE`."""
    tender = ready(world, lots)
    publishing.publish(tender, DEADLINE, actor=world.agent.actor)
    return Tender.objects.get(pk=tender.pk)


def first_lot(tender: Tender) -> Lot:
    return tender.lots.all()[0]
