"""Pure. By how much a closing moves when bids could not be handed in (promises.md, P9).

Enters: a deadline, the outage [begin, end], a rule. Leaves: the new closing and opening, or None where the outage does
not concern the deadline. The formula is the same for everybody: what closed in the outage, or closes within `near`
after its end, gets `closing` from the end or from its own deadline, whichever is later; after an outage longer than
`long` it gets `long_closing`. It never shortens, and of two deadlines the earlier stays the earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
NONE = timedelta(0)


@dataclass(frozen=True)
class Outage:
    """From `begin` to `end`, both included, nothing could be handed in."""

    begin: datetime
    end: datetime

    def __post_init__(self) -> None:
        """An outage does not end before it begins; `ValueError` otherwise."""
        if self.end < self.begin:
            raise ValueError("an outage ends after it begins")

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.end - self.begin


@dataclass(frozen=True)
class Rule:
    """The figures of the formula; those of the Korean rule unless the house sets others."""

    near: timedelta = timedelta(hours=2)
    long: timedelta = timedelta(hours=2)
    closing: timedelta = timedelta(hours=2)
    opening: timedelta = timedelta(hours=3)
    long_closing: timedelta = timedelta(hours=24)
    long_opening: timedelta = timedelta(hours=25)

    def __post_init__(self) -> None:
        """More outage never gives less time, and nothing opens before it closes; `ValueError` otherwise."""
        grows = NONE < self.closing <= self.long_closing and self.near >= NONE and self.long >= NONE
        if not grows or self.opening < self.closing or self.long_opening < self.long_closing:
            raise ValueError("an outage rule gives time, more for a longer outage, and opens after it closes")

    @property
    def minutes(self) -> tuple[int, ...]:
        """The figures in whole minutes, in the order of the fields."""
        return tuple(value // timedelta(minutes=1) for value in astuple(self))


def rule_of(minutes: Sequence[str]) -> Rule:
    """The rule in six whole numbers of minutes, as a setting holds it; `ValueError` for anything else."""
    if len(minutes) != len(fields(Rule)):
        raise ValueError(f"an outage rule has {len(fields(Rule))} figures: near, long, closing, opening, long ones")
    return Rule(*(timedelta(minutes=int(figure)) for figure in minutes))


@dataclass(frozen=True)
class Moved:
    """The deadline and the opening after an outage."""

    closing: datetime
    opening: datetime


def moved(deadline: datetime, outage: Outage, rule: Rule) -> Moved | None:
    """Where the outage moves `deadline`, on a whole second; None when it does not concern it."""
    if not outage.begin <= deadline <= outage.end + rule.near:
        return None
    is_long = outage.length > rule.long
    start = max(deadline, outage.end)
    closing = _whole(start + (rule.long_closing if is_long else rule.closing))
    return Moved(closing, _whole(start + (rule.long_opening if is_long else rule.opening)))


def uncovered(begin: datetime, end: datetime, spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How much of [begin, end] lies in none of `spans`: time that was lost and has not been given back yet."""
    left, at = NONE, begin
    for start, stop in sorted(spans):
        left += max(NONE, min(start, end) - at)
        at = max(at, min(stop, end))
    return left + max(NONE, end - at)


def _whole(at: datetime) -> datetime:
    return at if not at.microsecond else at.replace(microsecond=0) + SECOND
