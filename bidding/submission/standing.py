"""Pure. Which envelope of a bidder is live: ordered by stamps, not by commits (sealing.md, "Upload is submission").

Enters: what was sealed and withdrawn under one handle, each with its stamp and stored order. Leaves: the live one, or
none. The latest complete envelope with no later withdrawal is live; equal stamps go by their stored order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter


@dataclass(frozen=True)
class Move:
    """A step of one bidder: an envelope, or a withdrawal; `order` is its place among the stored entries."""

    stamp: datetime
    order: int
    number: str
    is_withdrawal: bool = False


def live(moves: Iterable[Move]) -> str | None:
    """The receipt number of the live envelope, None when there is none."""
    last = max(moves, key=attrgetter("stamp", "order"), default=None)
    return None if last is None or last.is_withdrawal else last.number


def live_before(moves: Iterable[Move], stamp: datetime) -> str | None:
    """The receipt number of the envelope that was live just before `stamp`."""
    return live(move for move in moves if move.stamp <= stamp)
