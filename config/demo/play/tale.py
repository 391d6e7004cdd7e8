"""What one telling of a case knows as it goes on: codes of the tender and its lots, covers and receipts held.

Enters: a troupe and a case. Leaves: the state that the steps share; everything in it was heard from the site or made by
a client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from config.demo.play.bidder import Bidder, Sent
from config.demo.play.expert import Expert
from config.demo.play.narrator import Narrator
from config.demo.play.regulator import Watch
from config.demo.play.stage import LotCase, Person, TenderCase
from config.demo.play.troupe import Troupe


def instant(text: str) -> datetime:
    """An instant on the clocks of China: "2026-03-24 09:30"."""
    return datetime.fromisoformat(f"{text}:00+08:00")


@dataclass
class Tale:
    """The state of one case."""

    troupe: Troupe
    case: TenderCase
    deadline: datetime
    tender: str = ""
    lots: list[str] = field(default_factory=list)
    covers: dict[tuple[str, Person], bytes] = field(default_factory=dict)
    sent: dict[tuple[str, Person], Sent] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    panels: dict[str, list[Expert]] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    amounts: dict[str, str] = field(default_factory=dict)

    @property
    def narrator(self) -> Narrator:
        """The voice."""
        return self.troupe.narrator

    @property
    def pairs(self) -> list[tuple[str, LotCase]]:
        """The lots with their codes."""
        return list(zip(self.lots, self.case.lots, strict=True))

    @property
    def open_pairs(self) -> list[tuple[str, LotCase]]:
        """The lots that were opened."""
        return [(code, lot) for code, lot in self.pairs if code in self.opened]

    def bidder(self, person: Person) -> Bidder:
        """The client of a bidder."""
        return self.troupe.bidders[person]

    def senders(self, lot: str) -> list[Bidder]:
        """Who holds a receipt for a live bid in the lot."""
        return [self.bidder(person) for code, person in self.sent if code == lot]
