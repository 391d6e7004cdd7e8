"""Pure. What a board shows of an opening at one moment: the same value from the live rows and from the ledger.

Enters: nothing. Leaves: frozen values that can be compared, and the same for machines. Words, times of day and what a
reader may do are the page's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

WAITING, PRESENT, OPENING, OPEN, FAILED = "waiting", "present", "opening", "open", "failed"
DECIDED = frozenset({OPEN, FAILED})
LAST = 8  # the step behind the last one: the opening is over


@dataclass(frozen=True)
class SceneEnvelope:
    """One envelope: a number and a state; name and price only once all prices were read."""

    number: int
    receipt: str
    state: str = WAITING
    reason: str = ""
    side: str = ""
    name: str = ""
    price: Decimal | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class Scene:
    """A board. `step` is the index of the current step; `windows` the ends of the windows by name, where they have
    begun; `objections` bidder's number and whether it was answered; `silent` that silence was accepted.
    """

    step: int = 0
    custodians: tuple[tuple[str, bool], ...] = ()
    envelopes: tuple[SceneEnvelope, ...] = ()
    paused: bool = False
    goes_on_at: datetime | None = None
    waiting_ended: bool = False
    windows: tuple[tuple[str, datetime], ...] = ()
    read: bool = False
    objections: tuple[tuple[int, bool], ...] = ()
    silent: bool = False
    signed: frozenset[str] = frozenset()
    over: bool = False
    failed: bool = False


def present(envelope: SceneEnvelope, receipts: frozenset[str], *, amber: bool) -> SceneEnvelope:
    """An envelope that is not decided: being opened, or its holder in the hall, or sealed and alone."""
    if envelope.state in DECIDED:
        return envelope
    state = OPENING if amber else PRESENT if envelope.receipt in receipts else WAITING
    return replace(envelope, state=state)


def scene_facts(scene: Scene) -> Mapping[str, object]:
    """The scene for machines."""
    return {
        "step": scene.step,
        "custodians": [{"leaf": leaf, "given": lit} for leaf, lit in scene.custodians],
        "envelopes": [_envelope_facts(one) for one in scene.envelopes],
        "paused": scene.paused,
        "goes_on_at": scene.goes_on_at.isoformat() if scene.goes_on_at else None,
        "waiting_ended": scene.waiting_ended,
        "windows": {name: at.isoformat() for name, at in scene.windows},
        "read": scene.read,
        "objections": [{"number": number, "answered": answered} for number, answered in scene.objections],
        "silent": scene.silent,
        "signed": sorted(scene.signed),
        "over": scene.over,
        "failed": scene.failed,
    }


def _envelope_facts(one: SceneEnvelope) -> Mapping[str, object]:
    return {
        "number": one.number,
        "receipt": one.receipt,
        "state": one.state,
        "reason": one.reason,
        "side": one.side,
        "name": one.name,
        "price": None if one.price is None else str(one.price),
        "confirmed": one.confirmed,
    }
