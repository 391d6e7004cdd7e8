"""Who stands in which relation to a lot in the hall, for the table of acts of bidding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bidding.models import Envelope
from bidding.models.opening import Bid
from bidding.rules import bodies, is_outsider
from ledger.actor import Actor, Role
from trading.handles import handle_for
from trading.models import Lot
from trading.rules import is_regulator


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


def is_overseer(actor: Actor, on: Any) -> bool:
    """Works for the regulator of the lot's tender; or the clock itself."""
    return actor.role is Role.CLOCK or is_regulator(actor, _lot(on))


def holds_envelope(actor: Actor, on: Any) -> bool:
    """A bidder whose sealed file was received for this lot, found by the handle and nothing else."""
    lot = _lot(on)
    if lot is None or actor.role is not Role.BIDDER or not is_outsider(actor, lot):
        return False
    return Envelope.objects.filter(lot=lot, round=lot.tender.round, handle=handle_for(lot, actor)).exists()


PANELS: list[Callable[[Actor, Lot], bool]] = []


def panel_of(sits: Callable[[Actor, Lot], bool]) -> Callable[[Actor, Lot], bool]:
    """Register who knows the panels: the room above that does. Until one is registered no expert reads a bid."""
    PANELS.append(sits)
    return sits


def may_read_bids(actor: Actor, on: Any) -> bool:
    """Purchaser, agent, regulator of the tender, and the experts who sit on the lot's panel."""
    lot = _lot(on)
    if lot is None:
        return False
    if actor.role is Role.EXPERT:
        return any(sits(actor, lot) for sits in PANELS)
    offices = {Role.PURCHASER: lot.tender.purchaser.code, **bodies(lot.tender)}
    return bool(actor.organisation) and offices.get(actor.role) == actor.organisation
