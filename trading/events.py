"""Pure. What happens in trading, as ledger entries. Never reorder or remove a field: append, or make a new tag."""

from __future__ import annotations

from datetime import datetime

from ledger.canon import record
from ledger.events import event
from trading.records import Instant, Yuan


@event("trading:account:opened")
class AccountOpened:
    """An account was opened: opaque code, role, the party's opaque code or ""."""

    account: str
    role: str
    party: str


@event("trading:party:registered")
class PartyRegistered:
    """A party was registered."""

    party: str
    credit_code: str
    name: str


@event("trading:certificate:issued")
class CertificateIssued:
    """A certificate was enrolled for an account; `fingerprint` is SHA-256 of its DER."""

    account: str
    fingerprint: bytes
    until: datetime


@event("trading:tender:drafted")
class TenderDrafted:
    """A tender is being written. What it says stays unsaid until its notice."""

    tender: str


@event("trading:tender:amended")
class TenderAmended:
    """The words of a draft were changed."""

    tender: str


@event("trading:lot:drafted")
class LotDrafted:
    """A lot was added to a draft."""

    lot: str


@event("trading:lot:amended")
class LotAmended:
    """A lot of a draft was changed."""

    lot: str


@event("trading:paper:added")
class PaperAdded:
    """A file lies with a tender; `digest` is its SHA-256, `size` in bytes."""

    tender: str
    paper: str
    kind: str
    digest: bytes
    size: int


@event("trading:paper:dropped")
class PaperDropped:
    """A file that was never published is no longer with the tender."""

    tender: str
    paper: str


@event("trading:notice:published")
class NoticePublished:
    """A tender is public: `digest` of the notice's record (sunlight.notice/1), its deadline and timetable."""

    tender: str
    digest: bytes
    published: datetime
    deadline: datetime
    timetable: tuple[Instant, ...]


@event("trading:lot:noticed")
class LotNoticed:
    """A lot takes bids until `deadline`; `notice` is the digest of the tender's notice."""

    lot: str
    notice: bytes
    deadline: datetime


@event("trading:question:asked")
class QuestionAsked:
    """Somebody asked about the papers (always veiled); `text` is the SHA-256 of the question."""

    lot: str
    question: str
    text: bytes


@event("trading:question:answered")
class QuestionAnswered:
    """An answer for everybody; `digest` is the SHA-256 of question, U+0000 and answer."""

    lot: str
    question: str
    number: int
    digest: bytes


@event("trading:addendum:issued")
class AddendumIssued:
    """A clarification or change: `digest` of its record (sunlight.addendum/1); `deadline` holds from now on."""

    tender: str
    number: int
    digest: bytes
    material: bool
    deadline: datetime


@event("trading:deadline:moved")
class DeadlineMoved:
    """A lot's deadline was moved by an addendum."""

    lot: str
    old: datetime
    new: datetime


@event("trading:objection:made")
class ObjectionMade:
    """An objection, veiled while it is to the papers; `text` is the SHA-256 of its text."""

    lot: str
    objection: str
    about: str
    text: bytes
    answer_until: datetime


@event("trading:objection:answered")
class ObjectionAnswered:
    """The answer to an objection; `text` is its SHA-256."""

    lot: str
    objection: str
    about: str
    text: bytes


@event("trading:lot:closing")
class LotClosing:
    """The deadline has come: no more bids; those stamped before it are still being decided."""

    lot: str
    deadline: datetime


@event("trading:lot:overdue")
class LotOverdue:
    """The law's time for `what` has passed (an event of trading.timetable)."""

    lot: str
    what: str
    due: datetime


@event("trading:candidates:published")
class CandidatesPublished:
    """The candidates stand in public until `until`; `digest` of the record, `report` of the evaluation report."""

    lot: str
    digest: bytes
    report: bytes
    until: datetime


@event("trading:publicity:ended")
class PublicityEnded:
    """Objections to the result are no longer in time; `objections` were made."""

    lot: str
    until: datetime
    objections: int


@event("trading:award:noticed")
class AwardNoticed:
    """The award: the winner's party code and bid code, `digest` of the record, `paper` of the document."""

    lot: str
    number: str
    winner: str
    bid: str
    amount: Yuan
    digest: bytes
    paper: bytes
    contract_until: datetime


@event("trading:contract:drawn")
class ContractDrawn:
    """A contract is ready to be signed; `digest` of its record (sunlight.contract/1)."""

    lot: str
    number: str
    digest: bytes


@event("trading:contract:endorsed")
class ContractEndorsed:
    """One side signed; `signature` is the SHA-256 of its CMS signature."""

    lot: str
    number: str
    party: str
    signature: bytes


@event("trading:contract:signed")
class ContractSigned:
    """Both sides have signed."""

    lot: str
    number: str
    winner: str
    amount: Yuan
    digest: bytes


@event("trading:failure:noticed")
class FailureNoticed:
    """A failed lot is public; `digest` of the record (sunlight.failure/1)."""

    lot: str
    cause: str
    digest: bytes


@event("trading:outage:found")
class OutageFound:
    """The platform's heartbeat was missing from `begin` to `end`, longer than `gap` seconds."""

    outage: str
    begin: datetime
    end: datetime
    gap: int


@event("trading:outage:declared")
class OutageDeclared:
    """Somebody declared that bids could not be handed in from `begin` on; `end` is absent while it goes on."""

    outage: str
    begin: datetime
    end: datetime | None
    reason: str


@event("trading:outage:over")
class OutageOver:
    """A declared outage ended."""

    outage: str
    end: datetime


@record("sunlight.outagerule/1")
class OutageRule:
    """The figures of the outage formula in minutes (trading/outage.py)."""

    near: int
    long: int
    closing: int
    opening: int
    long_closing: int
    long_opening: int


@event("trading:deadline:extended")
class DeadlineExtended:
    """A lot's deadline was moved by the outage rule from `old` to `new`, its opening to `opening`; `digest` is that of
    the notice (sunlight.extension/1).
    """

    lot: str
    outage: str
    begin: datetime
    end: datetime
    old: datetime
    new: datetime
    opening: datetime
    rule: OutageRule
    digest: bytes
