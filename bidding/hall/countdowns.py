"""What the countdowns of a board run to, and the sentence for a wait that has no end of its own.

Enters: a board and the instant. Leaves: label and instant of each window that is open now, the nearest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding.hall.board import Board
from ledger.errors import _
from trading import outages
from trading.stages import Stage

LABELS = {
    "deadline": _("Bids are taken until"),
    "opening": _("The hall opens not before"),
    "goes_on": _("The opening goes on at"),
    "custodians": _("Custodians are awaited until"),
    "shares": _("Bidders give their own shares until"),
    "objections": _("Objections until"),
    "confirmations": _("Confirmations until; silence is acceptance"),
}


@dataclass(frozen=True)
class Countdown:
    """One window: its name in `LABELS` and its end."""

    name: str
    until: datetime

    @property
    def label(self) -> str:
        """What ends then, as an English msgid."""
        return LABELS[self.name]


def countdowns(board: Board, now: datetime) -> list[Countdown]:
    """The windows that are open at `now`; none of them runs while the opening rests."""
    if board.pause is not None:
        return [Countdown("goes_on", board.pause.until)] if board.pause.until else []
    found = [Countdown(name, at) for name, at in _ends(board) if at is not None and (at > now or name == "deadline")]
    return sorted(found, key=lambda one: one.until)


def _ends(board: Board) -> list[tuple[str, datetime | None]]:
    lot, hall, hours = board.lot, board.hall, board.hours
    if hall is None or hours is None:
        if lot.stage == Stage.BIDDING:
            return [("deadline", lot.deadline)]
        return [("opening", outages.opening_at(lot))] if lot.stage == Stage.CLOSED else []
    if hall.read_at is not None:
        return [] if hall.record else [("objections", hall.object_until), ("confirmations", hall.confirm_until)]
    shares = [("shares", None if hall.shares_ended_at else hall.shares_until)]
    return [*shares, ("custodians", hours.custodians_until)] if board.step == 3 else shares
