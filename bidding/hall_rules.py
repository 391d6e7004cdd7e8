"""Who stands in which relation to a lot in the hall, for the table of acts of bidding."""

from __future__ import annotations

from typing import Any

from bidding.models import Envelope
from bidding.models.opening import Bid
from bidding.rules import bodies, is_outsider
from ledger.actor import Actor, Role
from trading.handles import handle_for
from trading.models import Lot


def _lot(on: Any) -> Lot | None:
    if isinstance(on, Bid):
        return on.lot
    return on if isinstance(on, Lot) else None


def is_host(actor: Actor, on: Any) -> bool:
    """Works for the agent of the lot's tender, who hosts the opening."""
    lot = _lot(on)
    return lot is not None and actor.role is Role.AGENT and actor.organisation == lot.tender.agent.code


def is_signatory(actor: Actor, on: Any) -> bool:
    """The host, or the centre as witness: those who sign the opening record."""
    lot = _lot(on)
    return lot is not None and actor.organisation == bodies(lot.tender).get(actor.role) and actor.role != Role.REGULATOR


def holds_envelope(actor: Actor, on: Any) -> bool:
    """A bidder whose sealed file was received for this lot, found by the handle and nothing else."""
    lot = _lot(on)
    if lot is None or actor.role is not Role.BIDDER or not is_outsider(actor, lot):
        return False
    return Envelope.objects.filter(lot=lot, round=lot.tender.round, handle=handle_for(lot, actor)).exists()


def may_read_bids(actor: Actor, on: Any) -> bool:
    """Purchaser, agent, regulator of the tender; for an expert evaluation answers, which knows the panel."""
    lot = _lot(on)
    if lot is None:
        return False
    if actor.role is Role.EXPERT:
        return True
    offices = {Role.PURCHASER: lot.tender.purchaser.code, **bodies(lot.tender)}
    return bool(actor.organisation) and offices.get(actor.role) == actor.organisation
