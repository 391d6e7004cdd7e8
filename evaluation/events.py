"""Pure. What happens in evaluation, as ledger entries. Never reorder or remove a field: append, or make a new tag.

A member stands in every entry as the opaque code of the seat. What a sheet says is committed when it is signed, and
disclosed by the act of the last signature, so that nobody judges with an eye on the others (promise P21).
"""

from __future__ import annotations

from typing import Annotated

from ledger.events import Committed, event


@event("evaluation:room:opened")
class RoomOpened:
    """The panel is complete and may judge; `method` is SHA-256 of the method's text."""

    lot: str
    round: int
    seats: tuple[str, ...]
    method: bytes


@event("evaluation:seat:entered")
class SeatEntered:
    """A member saw the bidders' names, declared no conflict, and promised to judge by the document alone."""

    lot: str
    seat: str


@event("evaluation:leader:voted")
class LeaderVoted:
    """A member's vote for who leads the panel."""

    lot: str
    seat: str
    choice: str


@event("evaluation:leader:elected")
class LeaderElected:
    """The most votes; at a tie the lower seat number."""

    lot: str
    leader: str


@event("evaluation:sheet:signed")
class SheetSigned:
    """A member's sheet is final. `record` is its canonical record, `signature` SHA-256 of the CMS signature over it."""

    lot: str
    seat: str
    part: str
    edition: int
    record: Annotated[bytes, Committed("ledger:field:disclosed")]
    signature: bytes


@event("evaluation:admission:counted")
class AdmissionCounted:
    """Every admission sheet is in and disclosed: the bids that are admitted, and those that are not."""

    lot: str
    admitted: tuple[str, ...]
    rejected: tuple[str, ...]


@event("evaluation:sheets:returned")
class SheetsReturned:
    """The members differ on objective items (`bid/item`); each signs anew and may change these alone."""

    lot: str
    edition: int
    disputed: tuple[str, ...]


@event("evaluation:scores:counted")
class ScoresCounted:
    """Every score sheet is in and disclosed."""

    lot: str
    edition: int
    sheets: tuple[bytes, ...]


@event("evaluation:tie:decided")
class TieDecided:
    """The panel put tied bids in order by the rule of the document."""

    lot: str
    order: tuple[str, ...]
    reason: str


@event("evaluation:report:made")
class ReportMade:
    """The report stands; `digest` is SHA-256 of its record."""

    lot: str
    digest: bytes


@event("evaluation:report:signed")
class ReportSigned:
    """A member signed the report; `signature` is SHA-256 of the CMS signature."""

    lot: str
    seat: str
    digest: bytes
    signature: bytes


@event("evaluation:lot:evaluated")
class LotEvaluated:
    """Every member has signed; `paper` and `table` are SHA-256 of the report as document and of the score table."""

    lot: str
    digest: bytes
    paper: bytes
    table: bytes


@event("evaluation:lot:failed")
class LotFailed:
    """Every bid is rejected; the lot is to be tendered again (Bidding Law, article 42)."""

    lot: str
    digest: bytes
