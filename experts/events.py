"""Pure. What happens in experts, as ledger entries. Never reorder or remove a field: append, or make a new tag.

Who an expert is stands in no entry: a draw gives each one a code of its own, and reasons and employers are committed
for ever.
"""

from __future__ import annotations

from typing import Annotated

from ledger.events import Committed, event

SHOWN_ORDER = 1_500  # codes of the order that one entry holds


@event("experts:expert:registered")
class ExpertRegistered:
    """An expert entered the register: opaque code, the code of the account, speciality codes, region."""

    expert: str
    account: str
    specialities: tuple[str, ...]
    region: str
    employer: Annotated[str, Committed("never")]


@event("experts:draw:requested")
class DrawRequested:
    """The agent asked for a draw; `digest` is SHA-256 of the request, `draw` its id in hex."""

    draw: str
    seats: int
    digest: bytes


@event("experts:seed:committed")
class SeedCommitted:
    """A body committed to its part of the seed, before the pool was frozen."""

    draw: str
    body: str
    commitment: bytes


@event("experts:pool:frozen")
class PoolFrozen:
    """The pool stands: its root (SHA-256 of `sunlight.draw.pool/1`), how many lines, how many of them candidates."""

    draw: str
    root: bytes
    size: int
    candidates: int


@event("experts:seed:revealed")
class SeedRevealed:
    """A body revealed its part of the seed."""

    draw: str
    body: str
    seed: bytes


@event("experts:draw:drawn")
class DrawDrawn:
    """The seed fixed the order: candidates' codes of this draw, the first 1,500 of them."""

    draw: str
    root: bytes
    digest: bytes
    seed: bytes
    order: tuple[str, ...]


@event("experts:invitation:made")
class InvitationMade:
    """The candidate whose turn it was is asked."""

    draw: str
    candidate: str


@event("experts:invitation:answered")
class InvitationAnswered:
    """The candidate accepted or declined."""

    draw: str
    candidate: str
    accepted: bool
    reason: Annotated[str, Committed("never")]


@event("experts:invitation:lapsed")
class InvitationLapsed:
    """The candidate did not answer or did not come; the next in the same order is asked."""

    draw: str
    candidate: str
    reason: Annotated[str, Committed("never")]


@event("experts:seat:vacated")
class SeatVacated:
    """A member left the panel for a lawful cause (avoidance); the next in the same order is asked."""

    draw: str
    seat: str
    reason: Annotated[str, Committed("never")]


@event("experts:panel:completed")
class PanelCompleted:
    """Every seat is taken; `record` is SHA-256 of the drawing record, public from now on."""

    draw: str
    seats: tuple[str, ...]
    record: bytes


@event("experts:draw:voided")
class DrawVoided:
    """The supervisor declared the draw void, with the reason; what it left stays in the log."""

    draw: str
    reason: str


@event("experts:pool:exhausted")
class PoolExhausted:
    """Nobody is left in the order for a seat of this speciality; a new request must widen the pool."""

    draw: str
    speciality: str
