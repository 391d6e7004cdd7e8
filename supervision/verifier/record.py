"""Pure. Check 22: the opening record.

22. Host and witness signed one opening record; it says of every envelope what the log says, prices in figures and
    words. Before that the log says, once the time for it was over, who had not confirmed the own bid: silence is
    acceptance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bidding.hall.opening_record import OpeningRecord, RecordedBid
from bidding.opening.events import ReadBid
from ledger.canon import encode
from ledger.errors import Reason, _
from supervision.verifier.belonging import bodies
from supervision.verifier.case import Case, Happened, fault, sha256
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.envelopes import CLOSED, SEALED
from supervision.verifier.notice import deadline_of, line_of, record_of
from supervision.verifier.opening import DECIDED, HALL, OPENED, READ, RELEASED, RESTS, readout_of
from supervision.verifier.trust import Trust
from trading.money import capitals

SIGNED, ENDED, REBUTTED = "bidding:record:signed", "bidding:lot:opened", "bidding:testimony:rebutted"
SILENT, CONFIRMED = "bidding:silence:accepted", "bidding:record:confirmed"
CONFIRMATION = timedelta(minutes=15)  # open.confirm_minutes
PARTS = {"host": "agent", "witness": "centre"}


@each_lot
def record(case: Case, trust: Trust, lot: str) -> Found:
    """Check 22."""
    signed, ended = case.all(SIGNED, lot=lot), case.all(ENDED, lot=lot)
    if not signed and not ended:
        return
    made = case.record(OpeningRecord, (ended or signed)[-1]["record"], _("the opening record"))
    for one in signed:
        yield from _signature(case, trust, one, encode(made))
    if ended:
        end = case.one(ENDED, lot=lot)
        if end["at"] != end.at or end["round"] != case.one(HALL, lot=lot)["round"]:
            yield fault("record_count", _("The opening ended with other numbers than its record has."))
        if sorted(one["part"] for one in signed if one.index < end.index) != sorted(PARTS):
            yield fault("record_unsigned", _("The opening ended without the signatures of host and witness."))
        states = [bid.state for bid in made.bids]
        if (end["opened"], end["unopened"]) != (states.count(OPENED), len(states) - states.count(OPENED)):
            yield fault("record_count", _("The opening ended with other numbers than its record has."))
    yield from _head(case, lot, made)
    yield from _bids(case, lot, made)
    yield from _silence(case, lot, made, signed)


def _signature(case: Case, trust: Trust, entry: Happened, data: bytes) -> Iterator[Reason]:
    signer = trust.signer(data, case.object(entry["signature"], _("a signature of the opening record")), entry.at)
    office = bodies(case)[PARTS[entry["part"]]].credit_code
    said = (entry["record"], entry["certificate"], office)
    if said != (sha256(data), signer.fingerprint, signer.credit_code):
        yield fault("record_signer", _("The opening record was not signed by its %(part)s."), part=entry["part"])


def _head(case: Case, lot: str, made: OpeningRecord) -> Iterator[Reason]:
    notice, line, read = record_of(case), line_of(case, lot), case.one(READ, lot=lot)
    hall, closing = case.one(HALL, lot=lot), case.one(CLOSED, lot=lot)
    said = (
        made.tender, made.lot, made.title, made.round, made.purchaser, made.agent, made.centre, made.regulator,
        made.planned, made.opened_at, made.read_at, made.host, made.bond, made.ceiling, made.closing, made.readout,
    )  # fmt: skip
    so = (
        case.tender, lot, line.title, read["round"], notice.purchaser.name, notice.agent.name, notice.centre.name,
        notice.regulator.name, deadline_of(case, lot), hall.at, read.at, hall.by, line.bond, line.ceiling,
        sha256(closing.leaf), read["table"],
    )  # fmt: skip
    if said != so:
        yield fault("record_head", _("The opening record says of the opening what the log does not say."))
    came = [(one["leaf"], one["leaf"][:1], one.at) for one in case.all(RELEASED, lot=lot)]
    if sorted((one.leaf, one.body, one.at) for one in made.custodians) != sorted(came):
        yield fault("record_custodians", _("The opening record names other custodians than the log."))


def _bids(case: Case, lot: str, made: OpeningRecord) -> Iterator[Reason]:
    readout = readout_of(case, lot)
    read = {one.number: one for one in readout.bids}
    names = {one.number: (one.code, one.name, one.credit_code) for one in readout.bids}
    names |= {one.number: (one.code, one.name, one.credit_code) for one in readout.failed}
    if [bid.number for bid in made.bids] != sorted(names):
        yield fault("record_bids", _("The opening record does not have every envelope once."))
    for bid in made.bids:
        named = (bid.code, bid.name, bid.credit_code) == names.get(bid.number)
        if not named or not _same(case, lot, bid, read.get(bid.number)):
            text = _("The opening record says of envelope %(number)s what the log does not say.")
            yield fault("record_bid", text, number=bid.number)


def _silence(case: Case, lot: str, made: OpeningRecord, signed: list[Happened]) -> Iterator[Reason]:
    """Who said nothing is named once, before the signatures and not before the time for confirmations was over."""
    read, said = case.one(READ, lot=lot), case.all(SILENT, lot=lot)
    text = _("The log says otherwise than the confirmations who was silent, or said it too early.")
    if len(said) > 1 or (not said and any(bid.confirmation == "silent" for bid in made.bids)):
        yield fault("silence", text)
    for one in said:
        rests = [rest for tag in RESTS for rest in case.all(tag, lot=lot) if read.index < rest.index < one.index]
        later = [rest["windows"].confirmations for rest in sorted(rests, key=lambda rest: rest.index)]
        until = ([at for at in later if at is not None] or [read.at + CONFIRMATION])[-1]
        spoke = {two["number"] for two in case.all(CONFIRMED, lot=lot) if two.index < one.index}
        silent = tuple(sorted(bid.number for bid in readout_of(case, lot).bids if bid.number not in spoke))
        late = any(two.index < one.index for two in signed)
        if (one["until"], one["numbers"]) != (until, silent) or one.at < until or late:
            yield fault("silence", text)


def _same(case: Case, lot: str, bid: RecordedBid, read: ReadBid | None) -> bool:
    """Whether a line of the record is what receipt, decision, read-out and confirmations say."""
    sealed = case.one(SEALED, lot=lot, number=bid.receipt)
    decided = case.one(DECIDED, lot=lot, number=bid.number)
    confirmed = case.first(CONFIRMED, lot=lot, number=bid.number)
    joined = bool(case.all("bidding:hall:joined", lot=lot, receipt=bid.receipt))
    # A bidder who showed that the envelope opens after all has moved the failure to the other side.
    rebutted = case.all(REBUTTED, lot=lot, number=bid.number)
    side = "other" if rebutted else decided["side"]
    said = (bid.received, bid.digest, bid.signed_in, bid.receipt, bid.state, bid.reason, bid.side, bid.decided_at)
    so = (
        sealed["stamp"], sealed["digest"], joined, decided["receipt"], decided["state"], decided["reason"],
        side, decided.at,
    )  # fmt: skip
    offer = (bid.price, bid.days, bid.invalid, bid.cover, bid.words, bid.items)
    if read is None:
        expected: tuple[object, ...] = (None, 0, "", (), "", ())
        word = ""
    else:  # what else a bid states is not read out: check 37 compares it with what lies in the envelope
        expected = (read.price, read.days, read.invalid, read.cover, capitals(read.price), bid.items)
        word = "confirmed" if confirmed else "silent"
    times = (bid.confirmation, bid.confirmed_at) == (word, confirmed.at if confirmed else None)
    return said == so and offer == expected and times and _said_by(case, lot, bid)


def _said_by(case: Case, lot: str, bid: RecordedBid) -> bool:
    """Whether the objections in the record are those of the log, with their answers."""
    said = case.all("bidding:objection:raised", lot=lot, number=bid.number)
    answers = {one["objection"]: one for one in case.all("bidding:objection:answered", lot=lot)}
    so = []
    for one in said:
        answer = answers.get(one["objection"])
        so.append((one.at, one["text"], answer.at if answer else None, answer["text"] if answer else sha256(b"")))
    return so == [
        (one.at, sha256(one.text.encode()), one.answered_at, sha256(one.answer.encode())) for one in bid.objections
    ]


CHECKS = (
    Check(22, _("The opening record says what the log says, under two signatures"), record, since=(SIGNED, ENDED)),
)
