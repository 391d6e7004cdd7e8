"""Checks 12 to 14: notices, papers, addenda, answers and deadlines that a tender of the saved ones does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ledger.canon import encode
from ledger.events import Entry
from supervision.verifier.case import Happened
from supervision.verifier.notice import ADDED, DROPPED, EXTENDED, ISSUED, MOVED, NOTICED, PUBLISHED
from tests.supervision.forger import Forger, Lie, changed, other, written
from trading.procedures.procedure import Method
from trading.records import Addendum, ExtensionNotice, LotLine, PaperLine, TenderNotice

ONE, TWO, THREE = "sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3"
ANSWERED, CLOSING, CLOSED = "trading:question:answered", "trading:lot:closing", "bidding:lot:closed"
BEFORE, AFTER = 19, 65  # places for an entry: before the notice, and after it
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def happens(forger: Forger, index: int, tag: str, values: Mapping[str, object], at: datetime) -> None:
    """Let something else have happened at a free place of the log."""
    stamp = forger.case.one(PUBLISHED).entry.stamp
    assert stamp is not None
    assert index not in forger.leaves
    forger.leaves[index] = written(Entry(tag, replace(stamp, id=index.to_bytes(16, "big"), at=at), dict(values)))


def both(*lies: Lie) -> Lie:
    """Several lies."""

    def lie(forger: Forger) -> None:
        for one in lies:
            one(forger)

    return lie


def notice_of(forger: Forger) -> TenderNotice:
    return forger.case.record(TenderNotice, forger.case.one(PUBLISHED)["digest"], "")


def noticed(to: Callable[[TenderNotice], TenderNotice], **said: object) -> Lie:
    """Another notice, named by everybody alike; `said` is what its entry says besides."""

    def lie(forger: Forger) -> None:
        digest = forger.put(encode(to(notice_of(forger))))
        forger.say(forger.case.one(PUBLISHED), digest=digest, **said)
        for one in forger.case.all(NOTICED):
            forger.say(one, notice=digest)

    return lie


def first_line(**to: object) -> Lie:
    """Another first lot in the notice."""
    return noticed(lambda old: replace(old, lots=(_line(old.lots[0], to), *old.lots[1:])))


def _line(line: LotLine, to: Mapping[str, Any]) -> LotLine:
    return replace(line, **to)


def allowed(*methods: Method) -> Lie:
    """A kind of trade that allows no other methods."""

    def lie(forger: Forger) -> None:
        known = {code: replace(one, methods=frozenset(methods)) for code, one in forger.trust.procedures.items()}
        forger.trust = replace(forger.trust, procedures=known)

    return lie


def laid(index: int, *, dropped: int | None = None) -> Lie:
    """A paper that the notice does not have, laid and dropped at these places."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(ADDED)[0]
        happens(forger, index, ADDED, {**one.entry.values, "paper": "another"}, one.at)
        if dropped is not None:
            happens(forger, dropped, DROPPED, {"tender": forger.case.tender, "paper": "another"}, one.at)

    return lie


def drops_paper(index: int) -> Lie:
    """The first paper of the notice dropped at a place."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(ADDED)[0]
        happens(forger, index, DROPPED, {"tender": forger.case.tender, "paper": one["paper"]}, one.at)

    return lie


def deadline(forger: Forger) -> datetime:
    found: datetime = forger.case.one(PUBLISHED)["deadline"]
    return found


def issued(
    index: int, number: int = 1, issued: timedelta = -15 * DAY, to: timedelta = timedelta(), *,
    material: bool = False, papers: tuple[PaperLine, ...] = (), tender: str = "",
) -> Lie:  # fmt: skip
    """An addendum at a place, so long after the deadline of the notice, that sets one so long after it."""

    def lie(forger: Forger) -> None:
        at, new = deadline(forger) + issued, deadline(forger) + to
        name = tender or forger.case.tender
        record = Addendum(name, number, "title", "text", material, at, new, papers)
        values = {"tender": name, "number": number, "digest": forger.put(encode(record)), "material": material}
        happens(forger, index, ISSUED, {**values, "deadline": new}, at)

    return lie


def moves(index: int, to: timedelta, at: timedelta = -15 * DAY, *, closings: timedelta | None = None) -> Lie:
    """A deadline moved at a place; without `closings` the lot was closed when that says."""

    def lie(forger: Forger) -> None:
        old = deadline(forger)
        happens(forger, index, MOVED, {"lot": ONE, "old": old, "new": old + to}, old + at)
        closed = old + (to if closings is None else closings)
        for tag in (CLOSING, CLOSED):
            forger.say(forger.case.one(tag, lot=ONE), deadline=closed, at=max(closed, old))

    return lie


def room(forger: Forger) -> None:
    """Places 95 and 102 made free by putting the counts that stand there into free places."""
    for index, free in ((95, 69), (102, 70)):
        forger.leaves[free] = forger.leaves.pop(index)


def extended(to: Mapping[str, Callable[[Any], Any]], said: Mapping[str, Callable[[Any], Any]] | None = None) -> Lie:
    """Another notice of an extension; `said` is what its entry says of the same, without it what the notice says."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(EXTENDED, lot=ONE)
        record = forger.case.record(ExtensionNotice, one["digest"], "")
        values: dict[str, Any] = {name: of(getattr(record, name)) for name, of in to.items()}
        spoken = values if said is None else {name: of(_said(one, name)) for name, of in said.items()}
        forger.say(one, **{**spoken, "digest": forger.put(encode(replace(record, **values)))})

    return lie


def _said(one: Happened, name: str) -> Any:
    return one.at if name == "at" else one[name]


def extension(**said: Any) -> Lie:
    """Another entry of the extension, its notice as it is."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(EXTENDED, lot=ONE)
        forger.say(one, **{name: to(_said(one, name)) if callable(to) else to for name, to in said.items()})

    return lie


def as_soon(forger: Forger, late: timedelta = timedelta()) -> None:
    """An extension given when the outage ended."""
    one = forger.case.one(EXTENDED, lot=ONE)
    forger.say(one, at=one["end"] + late)


def closed_before(forger: Forger) -> None:
    """An extension of a lot that was closed already."""
    forger.exchange(forger.case.one(EXTENDED, lot=ONE), forger.case.one(CLOSING, lot=ONE))


def other_closed_before(forger: Forger) -> None:
    """An extension after another lot was closed."""
    forger.exchange(forger.case.one(EXTENDED, lot=ONE), forger.case.one(CLOSING, lot=TWO))


def answer(text: bytes | None = None, **said: object) -> Lie:
    """The answer says something else."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(ANSWERED)
        values = {**said, **({} if text is None else {"digest": forger.put(text)})}
        forger.say(one, **values)

    return lie


def cut_at(tag: str, lot: str) -> Lie:
    """The log as it was with this entry."""
    return lambda forger: forger.cut(forger.case.all(tag, lot=lot)[-1].index)


def answers_again(number: int) -> Lie:
    """The same answer once more."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(ANSWERED)
        forger.leaves[AFTER] = written(changed(one.entry, id=other(one.id), number=number))

    return lie


def two_nulls(forger: Forger) -> None:
    """An answer with another U+0000 in it."""
    one = forger.case.one(ANSWERED)
    data = forger.case.objects[one["digest"].hex()]
    forger.say(one, digest=forger.put(data + b"\0more"))


PAPER = PaperLine("addendum", "addendum.pdf", bytes(32), 1)
READ, FAILED = "bidding:prices:read", "bidding:lot:failed"
STRANGE = b"a question\0an answer"


def with_paper(size: int) -> Lie:
    """An addendum with a paper of another size than it says."""

    def lie(forger: Forger) -> None:
        digest = forger.put(b"a paper")
        issued(AFTER, papers=(replace(PAPER, digest=digest, size=size),))(forger)

    return lie


LIES: list[tuple[int, str, str, Lie]] = [
    *((12, "whole", what, lie) for what, lie in (
        ("a paper of the notice dropped before it", drops_paper(BEFORE)),
        ("a paper of the notice dropped after it", drops_paper(AFTER)),
        ("a paper laid that the notice does not have", laid(BEFORE)),
        ("a paper laid after the notice", laid(AFTER)),
        ("a paper laid and dropped before the notice", laid(BEFORE, dropped=BEFORE + 1)),
        ("a paper laid before the notice and dropped after it", laid(BEFORE, dropped=AFTER)),
        ("a tender that was drafted twice", lambda forger: happens(
            forger, AFTER, "trading:tender:drafted",
            {**forger.case.one("trading:tender:drafted").entry.values, "tender": "sl-2026-0009"},
            forger.case.one(PUBLISHED).at)),
    )),
    *((13, "whole", what, lie) for what, lie in (
        ("no method is allowed", allowed()),
        ("the method of the lots is not allowed", allowed(Method.LOWEST_EVALUATED)),
        ("only the method of the lots is allowed", allowed(Method.COMPREHENSIVE)),
        ("a bond and no ceiling", first_line(ceiling=None)),
        ("no bond and no ceiling", first_line(ceiling=None, bond=Decimal("0.00"))),
        ("no bond", first_line(bond=Decimal("0.00"))),
        ("published at night", noticed(lambda old: replace(old, published=old.published + timedelta(hours=15)))),
        ("published a day later", noticed(lambda old: replace(old, published=old.published + timedelta(hours=16)))),
    )),
    *((14, "whole", what, lie) for what, lie in (
        ("an addendum", issued(AFTER)),
        ("an addendum that is not the first", issued(AFTER, 2)),
        ("two addenda", both(issued(AFTER), issued(66, 2))),
        ("two first addenda", both(issued(AFTER), issued(66, 1))),
        ("the second addendum first", both(issued(AFTER, 2), issued(66, 1))),
        ("an addendum to another tender", issued(AFTER, 7, tender="sl-2026-0009")),
        ("an addendum to an earlier deadline", issued(AFTER, to=-SECOND)),
        ("a later deadline taken back", both(issued(AFTER, to=DAY), issued(66, 2))),
        ("a later deadline, and the same again", both(issued(AFTER, to=DAY), issued(66, 2, to=DAY))),
        ("an addendum at the last second", issued(AFTER, issued=-SECOND)),
        ("an addendum at the deadline", issued(AFTER, issued=timedelta())),
        ("an addendum after the deadline", issued(AFTER, issued=SECOND, to=DAY)),
        ("an addendum of weight in time", issued(AFTER, material=True)),
        ("an addendum of weight too late", issued(AFTER, issued=-14 * DAY, material=True)),
        ("an addendum without weight so late", issued(AFTER, issued=-14 * DAY)),
        ("an addendum with a paper", with_paper(len(b"a paper"))),
        ("an addendum with another paper", with_paper(1)),
        ("an addendum with a paper that is not here", issued(AFTER, papers=(PAPER,))),
        ("a deadline moved by nobody", moves(AFTER, DAY)),
        ("a deadline moved by an addendum", both(issued(66, to=DAY), moves(AFTER, DAY))),
        ("a deadline moved by an addendum of another time", both(
            issued(66, to=DAY, issued=-16 * DAY), moves(AFTER, DAY))),
        ("a deadline moved otherwise than by an addendum", both(issued(66, to=2 * DAY), moves(AFTER, DAY))),
        ("a deadline moved, and the lot closed before it", both(
            issued(66, to=DAY), moves(AFTER, DAY, closings=timedelta()))),
        ("two questions answered", answers_again(2)),
        ("two first answers", answers_again(1)),
        ("a third answer", answers_again(3)),
        ("a first answer that is the second", answer(number=2)),
        ("an answer with more in it", two_nulls),
        ("an answer to another question", answer(STRANGE)),
        ("an answer that is not here", answer(digest=bytes(32))),
        ("an answer to nobody's question", answer(question="another")),
        ("an answer to nobody's question in a lot that failed", answer(question="another", lot=TWO)),
        ("an answer to another question in a lot that failed", answer(STRANGE, lot=TWO)),
        ("an answer while the lot is sealed and another failed", cut_at(FAILED, TWO)),
        ("an answer while the lot is sealed and another was read", both(
            answer(STRANGE, lot=THREE), cut_at(READ, ONE))),
    )),
    *((14, "hours", what, lie) for what, lie in (
        ("an extension given when the outage ended", as_soon),
        ("an extension given before the outage ended", lambda forger: as_soon(forger, -SECOND)),
        ("an extension of a closed lot", closed_before),
        ("an extension after another lot was closed", other_closed_before),
        ("an extension under a rule that gives nothing", extension(rule=lambda rule: replace(rule, closing=0))),
        ("an extension under another rule", extension(rule=lambda rule: replace(rule, closing=121))),
        ("an extension under a rule for longer outages", extension(rule=lambda rule: replace(rule, long_closing=1441))),
        ("an extension that opens later", extended({"opening": lambda at: at + SECOND})),
        ("an extension that opens sooner", extended({"opening": lambda at: at - SECOND})),
        ("an extension to a later time", extended({"new": lambda at: at + SECOND})),
        ("an extension from another deadline", extended({"old": lambda at: at + SECOND})),
        ("an outage that ended before it began", extended({"end": lambda at: at - DAY})),
        ("a shorter outage", extended({"begin": other})),
        ("an outage after the deadline", extended({"begin": lambda at: at + DAY, "end": lambda at: at + DAY}, {
            "begin": lambda at: at + DAY, "end": lambda at: at + DAY, "at": lambda at: at + DAY})),
        *((f"a notice of an extension with another {name}", extended({name: other}, {}))
          for name in ("lot", "begin", "end", "old", "new", "opening")),
        ("an addendum before the extension", issued(66, issued=timedelta(hours=-1), to=timedelta())),
        ("an addendum after the extension to an earlier time", both(
            room, issued(95, issued=timedelta(hours=1), to=timedelta(hours=1)))),
        ("an addendum after the extension to the same time", both(
            room, issued(95, issued=timedelta(hours=1), to=timedelta(hours=2)))),
        ("an extension and then an addendum that moves the deadline", both(
            room, issued(95, issued=timedelta(minutes=-30), to=DAY), moves(102, DAY, timedelta(minutes=-30)))),
    )),
]  # fmt: skip
