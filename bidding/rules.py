"""Who stands in which relation to a tender or lot, for the table of acts of bidding."""

from __future__ import annotations

from typing import Any

from ledger.actor import Actor, Role
from trading.models import Lot, Tender

BODIES = {Role.AGENT: "a", Role.CENTRE: "c", Role.REGULATOR: "r"}  # the letters of the policy 2(a,c,r)


def _tender(on: Any) -> Tender | None:
    if isinstance(on, Lot):
        return on.tender
    return on if isinstance(on, Tender) else None


def bodies(tender: Tender) -> dict[Role, str]:
    """The opaque codes of the three custody bodies of a tender."""
    return {
        Role.AGENT: tender.agent.code,
        Role.CENTRE: tender.centre.code,
        Role.REGULATOR: tender.regulator.code,
    }


def is_custodian(actor: Actor, on: Any) -> bool:
    """Works for the agent, the centre or the regulator of this very tender."""
    tender = _tender(on)
    return tender is not None and bool(actor.organisation) and bodies(tender).get(actor.role) == actor.organisation


def is_outsider(actor: Actor, on: Any) -> bool:
    """A bidder's account of an organisation that has no office in this published tender; or the clock itself."""
    if actor.role is Role.CLOCK:
        return True
    tender = _tender(on)
    if tender is None or tender.stage == "draft" or not actor.organisation:
        return False
    return actor.organisation not in {tender.purchaser.code, *bodies(tender).values()}
