"""Checks 31 to 34: long words in the notice of the candidates, entries in one place, contracts signed by others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from bidding.hall.opening_record import OpeningRecord, Quoted
from evaluation.report import Report
from ledger import cms
from ledger.canon import encode
from ledger.events import Stamp, write_entry
from supervision.verifier.belonging import REGISTERED
from supervision.verifier.judging import EVALUATED, MADE
from supervision.verifier.result import (
    ANSWERED,
    AWARDED,
    CONTRACTED,
    DRAWN,
    ENDORSED,
    OBJECTED,
    OVER,
    PUBLISHED,
)
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.places import beside
from trading.authority import Authority, issue, name_of, new_authority
from trading.events import CertificateIssued
from trading.records import AwardNotice, CandidatesNotice, ContractRecord

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"


def stated(quality: str | None, manager: str | None, to: Callable[[str], str] = str) -> Lie:
    """Every bid states this quality and this manager, or none; the candidates stand with what `to` makes of them."""

    def lie(forger: Forger) -> None:
        said = {name: value for name, value in (("quality", quality), ("manager", manager)) if value is not None}
        items = tuple(Quoted(name, value) for name, value in said.items())
        entry, published = forger.case.one("bidding:lot:opened", lot=ONE), forger.case.one(PUBLISHED, lot=ONE)
        opened = forger.case.record(OpeningRecord, entry["record"], "")
        notice = forger.case.record(CandidatesNotice, published["digest"], "")
        bids = tuple(replace(bid, items=items) for bid in opened.bids)
        words = to(quality or "")[:200], to(manager or "")[:100]
        lines = tuple(replace(line, quality=words[0], manager=words[1]) for line in notice.candidates)
        forger.say(entry, record=forger.put(encode(replace(opened, bids=bids))))
        forger.say(published, digest=forger.put(encode(replace(notice, candidates=lines))))

    return lie


def moved(one: str, two: str) -> Lie:
    """The entry of one kind and that of another in each other's place."""
    return lambda forger: forger.exchange(forger.case.one(one, lot=ONE), forger.case.one(two, lot=ONE))


def of_something_else(forger: Forger) -> None:
    """The objection is about another step, and was never answered."""
    forger.say(forger.case.one(OBJECTED, lot=ONE), about="opening")
    forger.drop(forger.case.one(ANSWERED, lot=ONE))


def never_answered(forger: Forger) -> None:
    """An objection where the award was given, and no answer to it."""
    forger.drop(forger.case.one(ANSWERED, lot=ONE))
    beside(OBJECTED, AWARDED)(forger)


def without_candidates(forger: Forger) -> None:
    """The report has no candidate."""
    made = forger.case.one(MADE, lot=ONE)
    report = forger.case.record(Report, made["digest"], "")
    forger.retell(made["digest"], encode(replace(report, candidates=())))


@cache
def house() -> Authority:
    """An authority that the verifier trusts besides."""
    return new_authority()


def signed_anew(*codes: str, enrols: bool = True, to: Callable[[ContractRecord], ContractRecord]) -> Lie:
    """The contract of lot 1 says something else, and those with these credit codes (both sides) sign that."""

    def lie(forger: Forger) -> None:
        drawn, done = (forger.case.one(tag, lot=ONE) for tag in (DRAWN, CONTRACTED))
        record = to(forger.case.record(ContractRecord, drawn["digest"], ""))
        digest = forger.put(encode(record))
        forger.say(drawn, digest=digest, at=record.drawn)
        forger.say(done, digest=digest)
        forger.trust = replace(forger.trust, roots=(*forger.trust.roots, house().certificate))
        sides = codes or (record.purchaser.credit_code, record.winner.credit_code)
        for one, code in zip(forger.case.all(ENDORSED, lot=ONE), sides, strict=True):
            key = generate_private_key(SECP256R1())
            certificate = issue(house(), name_of("somebody", "of a body", code), key.public_key(), one.at)
            party = forger.case.one(REGISTERED, credit_code=code)["party"]
            signature = forger.put(cms.sign(encode(record), certificate, key))
            forger.say(one, party=party, signature=signature)
            print_ = bytes.fromhex(cms.fingerprint(certificate))
            issued = CertificateIssued(one.by, print_, certificate.not_valid_after_utc)
            if enrols:
                forger.append(write_entry(issued, Stamp(print_[:16], one.at, one.by)))

    return lie


def as_it_is(record: ContractRecord) -> ContractRecord:
    """The same contract."""
    return record


def drawn_late(more: timedelta, late: str = "") -> Lie:
    """The contract was drawn up at the end of the time for it, or later; with a reason, or without."""

    def lie(forger: Forger) -> None:
        award = forger.case.record(AwardNotice, forger.case.one(AWARDED, lot=ONE)["digest"], "")
        drawn = award.contract_until + more
        signed_anew(to=lambda record: replace(record, drawn=drawn, late=late))(forger)

    return lie


def endorsed_once(forger: Forger) -> None:
    """The log ended when one side had signed."""
    forger.cut(forger.case.all(ENDORSED, lot=THREE)[0].index)


def by_one_side(at: int) -> Lie:
    """Both signatures are said to be of the party that gave that one."""

    def lie(forger: Forger) -> None:
        both = forger.case.all(ENDORSED, lot=ONE)
        forger.say(both[1 - at], party=both[at]["party"])

    return lie


def endorsed_thrice(forger: Forger) -> None:
    """One side signed again before the contract was concluded."""
    done, one = forger.case.one(CONTRACTED, lot=ONE), forger.case.all(ENDORSED, lot=ONE)[0]
    forger.drop(done)
    forger.append(written(changed(one.entry, id=other(one.id))), done.leaf)


def endorsed_besides(**values: str) -> Lie:
    """A stranger signed another contract."""
    return lambda forger: forger.double(forger.case.all(ENDORSED, lot=ONE)[0], party="stranger", **values)


def endorsed_elsewhere(**values: str) -> Lie:
    """One side signed this contract and the other one another; none was concluded."""

    def lie(forger: Forger) -> None:
        forger.say(forger.case.all(ENDORSED, lot=ONE)[0], **values)
        forger.drop(forger.case.one(CONTRACTED, lot=ONE))

    return lie


SECOND = timedelta(seconds=1)
LIES: list[tuple[int, str, str, Lie]] = [
    *((31, "whole", what, lie) for what, lie in (
        ("candidates published where the evaluation ended", beside(PUBLISHED, EVALUATED)),
        ("candidates published before the evaluation ended", moved(EVALUATED, PUBLISHED)),
        ("as many words as may be published", stated("q" * 200, "m" * 100)),
        ("words of the record cut short", stated("q" * 201, "m" * 101)),
        ("no words in the record", stated(None, None)),
        ("no quality in the record", stated(None, "m")),
        ("no manager in the record", stated("q", None)),
        ("other words than in the record", stated("q", "m", str.upper)),
    )),
    *((32, "whole", what, lie) for what, lie in (
        ("an objection where the publicity ended", beside(OBJECTED, OVER)),
        ("an award where the publicity ended", beside(OVER, AWARDED)),
        ("an award where the objection was made", beside(OBJECTED, AWARDED)),
        ("an award where the objection was answered", beside(ANSWERED, AWARDED)),
        ("an objection where the award was given, and no answer", never_answered),
        ("an objection about something else", of_something_else),
    )),
    *((33, "whole", what, lie) for what, lie in (
        ("an award where candidates were published", beside(PUBLISHED, AWARDED)),
        ("no candidate in the report", without_candidates),
    )),
    *((34, "whole", what, lie) for what, lie in (
        ("a contract signed anew", signed_anew(to=as_it_is)),
        ("a contract signed by strangers", signed_anew("91460100MA00000006", "91460100MA00000008", to=as_it_is)),
        ("a contract signed by one side for both", signed_anew(*["91460100MA00000001"] * 2, to=as_it_is)),
        ("a contract signed with keys of nobody", signed_anew(enrols=False, to=as_it_is)),
        ("a contract drawn up in the last second", drawn_late(-SECOND)),
        ("a contract drawn up when its time was over", drawn_late(timedelta())),
        ("a contract drawn up when its time was over, with a reason", drawn_late(timedelta(), "because")),
        ("a contract with another text", signed_anew(to=lambda record: replace(record, text=bytes(32)))),
        ("a contract without a text", signed_anew(to=lambda record: replace(record, text=None))),
        ("a contract signed by one side", endorsed_once),
        ("a contract signed twice by the purchaser", by_one_side(0)),
        ("a contract signed twice by the winner", by_one_side(1)),
        ("a contract signed three times", endorsed_thrice),
        ("another contract signed by a stranger", endorsed_besides(number="x")),
        ("a contract of another lot signed by a stranger", endorsed_besides(lot=THREE)),
        ("two contracts signed by one side each", endorsed_elsewhere(number="x")),
        ("contracts of two lots signed by one side each", endorsed_elsewhere(lot=THREE)),
        ("a contract signed where it was concluded", beside(ENDORSED, CONTRACTED)),
    )),
]  # fmt: skip
