"""Pure. What trading publishes and has signed, as canonical records (ledger.md, "Bytes"): the page shows these bytes.

Enters: values. Leaves: frozen records with fixed tags. Amounts are yuan with two places; instants are aware.
Never reorder or remove a field: make a new tag.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ledger.canon import Places, record

Yuan = Annotated[Decimal, Places(2)]


@record("sunlight.body/1")
class Body:
    """An organisation by name and credit code."""

    credit_code: str
    name: str


@record("sunlight.instant/1")
class Instant:
    """A named instant with the article that sets it ("" where no law speaks)."""

    name: str
    at: datetime
    article: str


@record("sunlight.notice.lot/1")
class LotLine:
    """A lot as noticed; `method` is its evaluation method as JSON with sorted keys."""

    code: str
    title: str
    ceiling: Yuan | None
    bond: Yuan
    days: int
    method: str


@record("sunlight.notice.paper/1")
class PaperLine:
    """A paper: kind, file name, SHA-256, size in bytes."""

    kind: str
    name: str
    digest: bytes
    size: int


@record("sunlight.notice/1")
class TenderNotice:
    """The notice of a tender (Bidding Regulation, article 15)."""

    tender: str
    round: int
    title: str
    summary: str
    procedure: str
    purchaser: Body
    agent: Body
    centre: Body
    regulator: Body
    published: datetime
    deadline: datetime
    timetable: tuple[Instant, ...]
    lots: tuple[LotLine, ...]
    papers: tuple[PaperLine, ...]


@record("sunlight.addendum/1")
class Addendum:
    """A clarification or change of the papers; `deadline` is the one that holds from now on."""

    tender: str
    number: int
    title: str
    text: str
    material: bool
    issued: datetime
    deadline: datetime
    papers: tuple[PaperLine, ...]


@record("sunlight.candidate/1")
class CandidateLine:
    """A candidate as published (Announcement Measures, article 6). `score` has four places, None under lowest price."""

    rank: int
    name: str
    credit_code: str
    price: Yuan
    score: Annotated[Decimal, Places(4)] | None
    days: int
    quality: str
    manager: str


@record("sunlight.candidates/1")
class CandidatesNotice:
    """The candidates' publicity; objections before `until` are in time. `report` is the report's SHA-256."""

    lot: str
    title: str
    begun: datetime
    until: datetime
    article: str
    bidders: int
    candidates: tuple[CandidateLine, ...]
    report: bytes


@record("sunlight.award/1")
class AwardNotice:
    """The award: to whom, for how much, and by when the contract is signed."""

    lot: str
    title: str
    number: str
    purchaser: Body
    winner: Body
    amount: Yuan
    days: int
    awarded: datetime
    contract_until: datetime
    article: str


@record("sunlight.contract/1")
class ContractRecord:
    """What purchaser and winner sign. `award` is the SHA-256 of the award notice, `text` of the contract's paper."""

    number: str
    lot: str
    title: str
    purchaser: Body
    winner: Body
    amount: Yuan
    days: int
    award: bytes
    text: bytes | None
    drawn: datetime
    late: str


@record("sunlight.contract.notice/1")
class ContractNotice:
    """That the contract was signed by both sides, and its SHA-256."""

    lot: str
    title: str
    number: str
    purchaser: Body
    winner: Body
    amount: Yuan
    signed: datetime
    contract: bytes


@record("sunlight.failure/1")
class FailureNotice:
    """That a lot failed: `cause` is few_bids or all_rejected, `entry` the log index of the entry that says so."""

    lot: str
    title: str
    cause: str
    bids: int | None
    least: int | None
    noticed: datetime
    entry: int


@record("sunlight.extension/1")
class ExtensionNotice:
    """That a closing was moved by the outage rule: the outage, the old deadline, the new one, the opening."""

    lot: str
    title: str
    begin: datetime
    end: datetime
    old: datetime
    new: datetime
    opening: datetime
    declared: bool
    reason: str


@record("sunlight.rescheduling/1")
class RescheduleNotice:
    """That an opening which rested for long goes on at `at`: since when it rested, and why."""

    lot: str
    title: str
    since: datetime
    at: datetime
    cause: str
    reason: str
