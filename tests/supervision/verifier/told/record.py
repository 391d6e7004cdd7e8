"""Check 22: opening records that say something else, rests that moved the time for confirmations, and who was silent.

A record that says something else is told without signatures, which would show it at once; so is the true one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bidding.hall.events import HallWindows
from bidding.hall.opening_record import OpeningRecord, Quoted, RecordedBid, RecordedCustodian, RecordedObjection
from ledger.canon import encode
from ledger.events import Entry
from supervision.verifier.case import LIFTED
from supervision.verifier.opening import DECIDED, READ, RELEASED, RESTS
from supervision.verifier.record import CONFIRMATION, CONFIRMED, ENDED, REBUTTED, SIGNED, SILENT
from tests.supervision.forger import Forger, Lie, changed, other, written

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
RAISED, ANSWERED = "bidding:objection:raised", "bidding:objection:answered"
RESUMED, INTERRUPTED = RESTS
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
To = Callable[[OpeningRecord], OpeningRecord]


def both(*lies: Lie) -> Lie:
    """Several lies."""

    def lie(forger: Forger) -> None:
        for one in lies:
            one(forger)

    return lie


def recorded(to: To, lot: str = ONE) -> Lie:
    """Another record, which nobody signed."""

    def lie(forger: Forger) -> None:
        end = forger.case.one(ENDED, lot=lot)
        made = forger.case.record(OpeningRecord, end["record"], "")
        forger.say(end, record=forger.put(encode(to(made))))
        unsigned(forger, lot)

    return lie


def unsigned(forger: Forger, lot: str = ONE) -> None:
    """No signature under a record."""
    for one in forger.case.all(SIGNED, lot=lot):
        forger.drop(one)


def bid(at: int, **to: Any) -> To:
    """Another line of the record; a function makes a value of the old one."""

    def told(made: OpeningRecord) -> OpeningRecord:
        old = made.bids[at]
        values = {name: of(getattr(old, name)) if callable(of) else of for name, of in to.items()}
        return replace(made, bids=(*made.bids[:at], replace(old, **values), *made.bids[at + 1 :]))

    return told


def objections(to: Callable[[RecordedObjection], RecordedObjection]) -> To:
    """Another objection in the line of the bid that has one."""
    return bid(2, objections=lambda all_: tuple(to(one) for one in all_))


def says(tag: str, lot: str = ONE, **said: Any) -> Lie:
    """The last entry of a kind about a lot says something else."""

    def lie(forger: Forger) -> None:
        forger.say(forger.case.all(tag, lot=lot)[-1], **said)

    return lie


def exchanged(one: str, two: str) -> Lie:
    """The last entries of two kinds in each other's place."""
    return lambda forger: forger.exchange(forger.case.all(one, lot=ONE)[-1], forger.case.all(two, lot=ONE)[-1])


def parts_turned(forger: Forger) -> None:
    """Host and witness signed in each other's name."""
    one, two = forger.case.all(SIGNED, lot=ONE)
    forger.say(one, part=two["part"])
    forger.say(two, part=one["part"])


def cut_at(tag: str, at: int = -1, **said: Any) -> Lie:
    """The log as it was with an entry, which says something else."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(tag, lot=ONE)[at]
        forger.say(one, **said)
        forger.cut(one.index)

    return lie


def happens(forger: Forger, index: int, tag: str, values: Mapping[str, object]) -> None:
    """Something else stands at a place of the log."""
    stamp = forger.case.one(READ, lot=ONE).entry.stamp
    assert stamp is not None
    forger.leaves[index] = written(Entry(tag, replace(stamp, id=index.to_bytes(16, "big")), dict(values)))


def rested(*rests: tuple[str, str, datetime | None], until: datetime | None = None, lot: str = ONE) -> Lie:
    """Rests (the place, the kind, until when bidders confirm now); silence was said for that time."""

    def lie(forger: Forger) -> None:
        asked = forger.case.one("trading:question:asked")
        lift = next(one for one in forger.case.all(LIFTED) if one["index"] == asked.index)
        read, silent = forger.case.one(READ, lot=ONE), forger.case.one(SILENT, lot=ONE)
        counted = next(one for one in forger.case.open if read.index < one.index and one.tag.endswith("counted"))
        before = forger.case.all("guarantees:guarantee:recognised", lot=ONE)[0]
        places = {"before": before.index, "first": lift.index, "second": counted.index, "after": silent.index + 5}
        for place, tag, confirmations in rests:
            windows = {"windows": HallWindows(None, None, None, confirmations)}
            facts = {"pause": "x", "since": read.at} if tag == RESUMED else {
                "outage": "x", "begin": read.at, "end": read.at}  # fmt: skip
            happens(forger, places[place], tag, {"lot": lot, "round": 1, **facts, **windows})
        if until:
            forger.say(silent, until=until, at=until)

    return lie


READ_AT = datetime.fromisoformat("2026-03-24T01:30:00+00:00")
USUAL = READ_AT + CONFIRMATION
LATER, LATEST = USUAL + 10 * MINUTE, USUAL + 20 * MINUTE


def rebutted(number: int, lot: str = ONE) -> Lie:
    """A bidder showed that the envelope opens after all."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(DECIDED, lot=ONE, number=number)
        values = {"lot": lot, "round": 1, "number": number, "receipt": one["receipt"]}
        happens(forger, forger.case.one(ENDED, lot=ONE).index + 1, REBUTTED, values)

    return lie


def all_confirmed(forger: Forger) -> None:
    """Everybody confirmed, and nobody was silent."""
    drops_silence(forger)
    recorded(lambda made: replace(made, bids=tuple(replace(one, confirmation="x") for one in made.bids)))(forger)


def drops_silence(forger: Forger) -> None:
    forger.drop(forger.case.one(SILENT, lot=ONE))


def unanswered(forger: Forger) -> None:
    """An objection without an answer."""
    forger.drop(forger.case.one(ANSWERED, lot=ONE))
    recorded(objections(lambda one: replace(one, answer="", answered_at=None)))(forger)


def rejoined(forger: Forger) -> None:
    """A bidder who was in another hall."""
    forger.say(forger.case.one("bidding:hall:joined", lot=ONE), lot=THREE)


def second_letter(forger: Forger) -> None:
    """A custodian whose leaf has two letters."""
    one = forger.case.all(RELEASED, lot=ONE)[0]
    forger.say(one, leaf=f"{one['leaf']}2")
    recorded(lambda made: replace(made, custodians=tuple(
        replace(each, leaf=f"{each.leaf}2") if each.leaf == one["leaf"] else each for each in made.custodians
    )))(forger)  # fmt: skip


def last_custodian(made: OpeningRecord) -> OpeningRecord:
    return replace(made, custodians=made.custodians[:-1])


def custodian(name: str) -> To:
    return lambda made: replace(made, custodians=(_other(made.custodians[0], name), *made.custodians[1:]))


def _other(of: Any, name: str) -> Any:
    return replace(of, **{name: other(getattr(of, name))})


def field(name: str) -> To:
    return lambda made: _other(made, name)


LINE = [one.name for one in fields(RecordedBid)]
OF_FAILED: dict[str, object] = {
    "price": Decimal("1.00"), "days": 1, "invalid": "bidding.above_ceiling", "cover": ("bidding.cover",), "words": "x",
    "items": (Quoted("quality", "good"),),
    "confirmation": "silent", "confirmed_at": READ_AT,
}  # fmt: skip

LIES: list[tuple[int, str, str, Lie]] = [
    (22, "whole", f"unsigned: {what}", lie) for what, lie in (
        ("the true record", recorded(lambda made: made)),
        ("the true record of another lot", recorded(lambda made: made, THREE)),
        *((f"another {one.name}", recorded(field(one.name))) for one in fields(OpeningRecord)),
        *((f"another {name} of an opened bid", recorded(bid(1, **{name: other}))) for name in LINE),
        *((f"another {name} of a silent bid", recorded(bid(0, **{name: other}))) for name in LINE),
        *((f"another {name} of a failed bid", recorded(bid(4, **{name: other}))) for name in LINE),
        *((f"a failed bid with {name}", recorded(bid(4, **{name: value}))) for name, value in OF_FAILED.items()),
        *((f"another {one.name} of a custodian", recorded(custodian(one.name))) for one in fields(RecordedCustodian)),
        *((f"another {one.name} of an objection", recorded(objections(lambda old, name=one.name: _other(old, name))))  # type: ignore[misc]
          for one in fields(RecordedObjection)),
        ("one custodian less", recorded(last_custodian)),
        ("the custodians turned about", recorded(lambda made: replace(made, custodians=made.custodians[::-1]))),
        ("a leaf of two letters", second_letter),
        ("the bids turned about", recorded(lambda made: replace(made, bids=made.bids[::-1]))),
        ("one bid less", recorded(lambda made: replace(made, bids=made.bids[:-1]))),
        ("no bid", recorded(lambda made: replace(made, bids=()))),
        ("an objection without an answer", unanswered),
        ("no objection", recorded(bid(2, objections=()))),
        ("a failure rebutted, and the record says so", both(rebutted(5), recorded(bid(4, side="other")))),
        ("a failure rebutted in another lot, and the record says so", both(
            rebutted(5, THREE), recorded(bid(4, side="other")))),
        ("another failure rebutted, and the record says so", both(rebutted(4), recorded(bid(4, side="other")))),
        ("everybody confirmed", all_confirmed),
    )
] + [
    (22, "whole", what, lie) for what, lie in (
        ("the opening ended without signatures", unsigned),
        ("the parts turned about", parts_turned),
        ("signed after the end", exchanged(SIGNED, ENDED)),
        ("signed before silence was said", exchanged(SILENT, SIGNED)),
        ("confirmed after silence was said", exchanged(CONFIRMED, SILENT)),
        ("cut after the first signature", cut_at(SIGNED, 0)),
        ("cut after the first signature, by another certificate", cut_at(SIGNED, 0, certificate=bytes(32))),
        ("cut after the second signature", cut_at(SIGNED)),
        ("cut after the second signature, of another record", cut_at(SIGNED, record=bytes(32))),
        ("a failure rebutted", rebutted(5)),
        ("a bidder in another hall", rejoined),
        ("nobody said who was silent", drops_silence),
        ("silence said at the last second", says(SILENT, at=USUAL)),
        ("silence said a second too early", says(SILENT, at=USUAL - SECOND)),
        ("a rest before the read-out", rested(("before", RESUMED, LATER))),
        ("a rest after it", rested(("first", RESUMED, LATER), until=LATER)),
        ("an interruption after it", rested(("first", INTERRUPTED, LATER), until=LATER)),
        ("a rest that gave no time", rested(("first", RESUMED, None))),
        ("a rest that was not heeded", rested(("first", RESUMED, LATER))),
        ("a rest of another lot", rested(("first", RESUMED, LATER), lot=THREE)),
        ("a rest and an interruption", rested(
            ("first", RESUMED, LATER), ("second", INTERRUPTED, LATEST), until=LATEST)),
        ("an interruption and a rest", rested(
            ("first", INTERRUPTED, LATER), ("second", RESUMED, LATEST), until=LATEST)),
        ("an interruption and a rest, the first heeded", rested(
            ("first", INTERRUPTED, LATER), ("second", RESUMED, LATEST), until=LATER)),
        ("a rest that gave time and one that gave none", rested(
            ("first", RESUMED, LATER), ("second", INTERRUPTED, None), until=LATER)),
        ("a rest after silence was said", rested(("after", RESUMED, LATER))),
        ("the same silence twice", lambda forger: forger.leaves.update({
            forger.case.one(ENDED, lot=ONE).index + 1: written(
                changed(forger.case.one(SILENT, lot=ONE).entry, id=bytes(16)))})),
    )
]  # fmt: skip
