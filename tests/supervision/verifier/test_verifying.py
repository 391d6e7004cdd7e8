"""The numbered list: numbers run on, docstrings and docs say the same, and every check can fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from bidding.hall.opening_record import OpeningRecord
from bidding.opening.events import Readout
from evaluation.report import Report
from evaluation.sheet import ScoreSheet
from ledger import note
from ledger.bundle import Later, unpack
from ledger.canon import PLAIN, Reader, decode, encode
from ledger.events import read_entry
from supervision.verifier.case import Case, Happened, read_case
from supervision.verifier.check import run
from supervision.verifier.verifying import CHECKS, GROUPS
from tests.architecture.house import ROOT
from tests.supervision.bundles import Bundles
from tests.supervision.forger import KEY, Forger, Lie, other
from trading.records import CandidatesNotice, TenderNotice

NUMBERED = re.compile(r"^(\d+)\. (.*?)(?=^\d+\. |^$|\Z)", re.MULTILINE | re.DOTALL)
ONE, TWO = "sl-2026-0001-1", "sl-2026-0001-2"


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The numbered sentences in a text, each on one line."""
    for number, sentence in NUMBERED.findall(text):
        yield int(number), " ".join(sentence.split())


def test_numbers_run_on_and_the_docstrings_carry_them() -> None:
    assert [check.number for check in CHECKS] == list(range(1, len(CHECKS) + 1))
    for group in GROUPS:
        numbers = [number for number, _sentence in sentences(group.__doc__ or "")]
        assert numbers == [check.number for check in group.CHECKS], group.__name__


def test_the_docs_have_the_same_numbers_and_sentences() -> None:
    docs = (ROOT / "docs" / "verifying.md").read_text("utf-8").partition("## What it checks")[2]
    written = [pair for group in GROUPS for pair in sentences(group.__doc__ or "")]
    assert list(sentences(docs.partition("## How nothing")[0])) == written


@pytest.fixture
def case(bundles: Bundles) -> Case:
    return read_case(unpack(bundles.regulators))


def last(forger: Forger, tag: str, **values: object) -> Happened:
    found = forger.case.last(tag, **values)
    assert found is not None, tag
    return found


def says(tag: str, where: str = ONE, **values: Any) -> Lie:
    """Let the last entry of a kind about a lot say something else; a function makes a value of the old one."""

    def lie(forger: Forger) -> None:
        about = {"lot": where} if "lot" in last(forger, tag).entry.values else {}
        one = last(forger, tag, **about)
        forger.say(one, **{name: to(one[name]) if callable(to) else to for name, to in values.items()})

    return lie


def drops(tag: str, **values: object) -> Lie:
    return lambda forger: forger.drop(last(forger, tag, **values))


def early_notice(forger: Forger) -> None:
    """A notice whose deadline is ten days too early, said everywhere alike."""
    published = last(forger, "trading:notice:published")
    record = forger.case.record(TenderNotice, published["digest"], "")
    sooner = record.deadline - timedelta(days=10)
    digest = forger.put(encode(replace(record, deadline=sooner)))
    forger.say(published, digest=digest, deadline=sooner)
    for one in forger.case.all("trading:lot:noticed"):
        forger.say(one, notice=digest, deadline=sooner)
    for tag in ("trading:lot:closing", "bidding:lot:closed"):
        for one in forger.case.all(tag):
            forger.say(one, deadline=sooner)


def other_items(forger: Forger) -> None:
    """The opening record states something else of a bid."""
    end = last(forger, "bidding:lot:opened", lot=ONE)
    made = forger.case.record(OpeningRecord, end["record"], "")
    bids = (replace(made.bids[0], items=other(made.bids[0].items)), *made.bids[1:])
    forger.say(end, record=forger.put(encode(replace(made, bids=bids))))


def other_price(forger: Forger) -> None:
    """A price read out that nobody offered, in the entry and in the table alike."""
    read = last(forger, "bidding:prices:read", lot=ONE)
    table = forger.case.record(Readout, read["table"], "")
    bids = (replace(table.bids[0], price=Decimal("1.00")), *table.bids[1:])
    forger.say(read, table=forger.put(encode(replace(table, bids=bids))), bids=bids)


def other_points(forger: Forger) -> None:
    """A score sheet with points that its criterion does not allow, committed to and disclosed alike."""
    one = last(forger, "evaluation:sheet:signed", part="scores", lot=ONE)
    said = forger.case.disclosed[one.id, "record"]
    sheet = decode(ScoreSheet, PLAIN[bytes].read(Reader(said["value"])))
    line = replace(sheet.lines[0], points=(Decimal("99.00"), *sheet.lines[0].points[1:]))
    forger.disclose(one, "record", PLAIN[bytes].write(encode(replace(sheet, lines=(line, *sheet.lines[1:])))))


def other_report(forger: Forger) -> None:
    """A report with another winner, named by everybody alike."""
    made = last(forger, "evaluation:report:made", lot=ONE)
    report = forger.case.record(Report, made["digest"], "")
    digest = forger.put(encode(replace(report, candidates=report.candidates[::-1])))
    forger.say(made, digest=digest)
    for tag in ("evaluation:report:signed", "evaluation:lot:evaluated"):
        for one in forger.case.all(tag, lot=ONE):
            forger.say(one, digest=digest)


def candidates_notice(**values: Any) -> Lie:
    def lie(forger: Forger) -> None:
        entry = last(forger, "trading:candidates:published", lot=ONE)
        record = forger.case.record(CandidatesNotice, entry["digest"], "")
        made = replace(record, **{name: to(getattr(record, name)) for name, to in values.items()})
        forger.say(entry, digest=forger.put(encode(made)), until=made.until)

    return lie


def sooner(at: datetime) -> datetime:
    return at - timedelta(days=2)


def other_signature(forger: Forger) -> None:
    """A member's signature that another member made."""
    one, two = forger.case.all("evaluation:sheet:signed", lot=ONE)[:2]
    forger.say(one, signature=two["signature"])


def spoiled(prefix: str) -> Lie:
    """One byte of a private part is another."""

    def lie(forger: Forger) -> None:
        name = next(name for name in sorted(forger.private) if name.endswith(prefix))
        forger.private[name] = forger.private[name][:-1] + other(forger.private[name][-1:])

    return lie


def unlifted(forger: Forger) -> None:
    lift = forger.case.all("ledger:veiled:lifted")[0]
    forger.leaves[lift.index] = None


def foreign(forger: Forger) -> None:
    forger.objects[sha256(b"x").hexdigest()] = b"x"


def reordered(tag: str, later: str) -> Lie:
    return lambda forger: forger.exchange(last(forger, tag, lot=ONE), last(forger, later, lot=ONE))


def swapped_seeds(forger: Forger) -> None:
    """A seed shown before the pool was frozen."""
    frozen = forger.case.all("experts:pool:frozen")[0]
    shown = forger.case.first("experts:seed:revealed", draw=frozen["draw"])
    assert shown is not None
    forger.exchange(frozen, shown)


def uncounted_trail(forger: Forger) -> None:
    forger.drop(last(forger, "supervision:trail:counted"))


def by_the_agent(forger: Forger) -> None:
    forger.say(last(forger, "trading:award:noticed"), by=last(forger, "bidding:hall:opened").by)


def late_rehearsal(forger: Forger) -> None:
    forger.exchange(last(forger, "bidding:rehearsal:opened"), last(forger, "trading:lot:noticed", lot=ONE))


def uncounted_bid(forger: Forger) -> None:
    says("bidding:lot:closed", envelopes=lambda all_: all_[:-1], count=lambda count: count - 1)(forger)


def at_moment(moment: str) -> Lie:
    """Let the head name a moment."""

    def lie(forger: Forger) -> None:
        forger.case = replace(forger.case, moment=moment, _worked_out={})

    return lie


def vouched(name: str) -> Lie:
    """Let others have vouched for a state of the log that does not continue the bundle's."""

    def lie(forger: Forger) -> None:
        believed = note.Checkpoint(forger.trust.log.name, 10_000, bytes(32))
        later = Later(note.sign(believed, KEY), (bytes(32),), b"a token")
        forger.case = replace(forger.case, **{name: later}, _worked_out={})  # type: ignore[arg-type]

    return lie


LIES: list[tuple[int, str, Lie]] = [
    (4, "an entry about another tender", says("trading:tender:drafted", tender="sl-2026-0009")),
    (5, "the last count left out", uncounted_trail),
    (6, "a veil that was never lifted", unlifted),
    (7, "a disclosure of nothing", says("ledger:field:disclosed", field="reason")),
    (8, "a policy that nobody chose", says("bidding:policy:chosen", policy="3(a,c,r)")),
    (8, "a sheet sealed after the notice", reordered("bidding:sheet:sealed", "trading:lot:noticed")),
    (9, "another key registered", says("bidding:key:registered", key=other)),
    (10, "a certificate that nobody issued", drops("trading:certificate:issued")),
    (11, "an award by the agent", by_the_agent),
    (12, "a paper of another size", says("trading:paper:added", size=other)),
    (13, "a deadline ten days too early", early_notice),
    (14, "closed before its deadline", says("trading:lot:closing", deadline=other)),
    (15, "a bid from after the deadline", says("bidding:envelope:sealed", stamp=lambda at: at + timedelta(days=40))),
    (16, "a live bid left out of the count", uncounted_bid),
    (17, "a lot with few bids that did not fail", drops("bidding:lot:failed")),
    (17, "a failure noticed for another cause", says("trading:failure:noticed", where=TWO, cause="all_rejected")),
    (18, "a hall on another count", says("bidding:hall:opened", closing=other)),
    (19, "a custodian who never came", drops("bidding:share:released", lot=ONE)),
    (20, "a decision that is none", says("bidding:envelope:decided", state="waiting")),
    (21, "prices read before the last decision", reordered("bidding:envelope:decided", "bidding:prices:read")),
    (22, "a confirmation left out", drops("bidding:record:confirmed", lot=ONE)),
    (23, "a seed shown before the pool was frozen", swapped_seeds),
    (23, "another order of the draw", says("experts:draw:drawn", order=lambda codes: codes[::-1])),
    (24, "somebody else invited", says("experts:invitation:made", candidate=other)),
    (25, "another leader", says("evaluation:leader:elected", leader=other)),
    (25, "a vote after the election", reordered("evaluation:leader:voted", "evaluation:leader:elected")),
    (26, "points out of range", other_points),
    (27, "another bid admitted", says("evaluation:admission:counted", admitted=lambda bids: bids[:-1])),
    (28, "another winner in the report", other_report),
    (29, "a member who did not sign", drops("evaluation:report:signed", lot=ONE)),
    (30, "a sheet signed by another member", other_signature),
    (31, "candidates at another price", candidates_notice(candidates=lambda c: (replace(c[0], days=1), *c[1:]))),
    (32, "a publicity of one day", candidates_notice(until=sooner)),
    (33, "an award at another amount", says("trading:award:noticed", amount=other)),
    (34, "a contract about another amount", says("trading:contract:signed", amount=other)),
    (35, "a guarantee released for nothing", says("guarantees:guarantee:released", because="trading:lot:closing")),
    (36, "a share that does not fit", spoiled("a.batch")),
    (37, "a price that nobody offered", other_price),
    (37, "an opening record that states something else", other_items),
    (38, "a salt that hides a bidder", spoiled(".salt")),
    (39, "a guarantee of another amount", says("guarantees:guarantee:recognised", amount=other)),
    (40, "an object that nobody names", foreign),
    (41, "a rehearsal that was never opened", drops("bidding:rehearsal:opened")),
    (41, "a rehearsal for two sets of three", says("bidding:rehearsal:opened", sets=lambda sets: sets[:2])),
    (41, "a rehearsal after the notice", late_rehearsal),
    (41, "a custodian who gave no share of it", drops("bidding:rehearsal:given", leaf="r")),
    (41, "a rehearsal with another envelope", says("bidding:rehearsal:sealed", digest=other)),
    (42, "an archive of another moment", says("supervision:archive:made", moment="opening")),
    (42, "an archive of a word that is no moment", says("supervision:archive:made", moment="dawn")),
    (42, "an archive that ends with another count", says("supervision:archive:made", trail=other)),
    (42, "an archive under a state of the log before it", says("supervision:archive:made", state=1)),
    (42, "an archive that was never made", drops("supervision:archive:made", moment="deadline")),
    (42, "an archive that says it is of another moment", at_moment("opening")),
    (43, "a cosigned state of another log", vouched("witnessed")),
    (44, "a dated state of another log", vouched("stamped")),
]  # fmt: skip


@pytest.mark.parametrize(("number", "lie"), [(n, lie) for n, _name, lie in LIES], ids=[name for _n, name, _l in LIES])
def test_every_check_finds_its_lie(case: Case, bundles: Bundles, number: int, lie: Lie) -> None:
    forger = Forger(case, bundles.trust)
    lie(forger)
    lied, believed = forger.forged()
    check = CHECKS[number - 1]
    faults = run(check, lied, believed).faults
    assert faults, check.title
    assert all(fault.code and str(fault) for fault in faults)


def test_every_check_has_a_lie() -> None:
    """Checks 1 to 3 are about the archive and the log's form: test_mutants.py; 45 about receipts: test_receipts.py."""
    assert sorted({number for number, _name, _lie in LIES}) == [check.number for check in CHECKS][3:-1]


def test_two_faults_are_both_reported(case: Case, bundles: Bundles) -> None:
    forger = Forger(case, bundles.trust)
    says("trading:award:noticed", amount=other)(forger)
    says("trading:contract:signed", where="sl-2026-0001-3", amount=other)(forger)
    lied, believed = forger.forged()
    found = {check.number: run(check, lied, believed).faults for check in CHECKS}
    assert [fault.facts["lot"] for fault in found[33]] == [ONE]
    assert {fault.facts["lot"] for fault in found[34]} == {ONE, "sl-2026-0001-3"}


def test_the_forger_keeps_what_it_does_not_touch(case: Case, bundles: Bundles) -> None:
    lied, _believed = Forger(case, bundles.trust).forged()
    assert [one.leaf for one in lied.leaves] == [one.leaf for one in case.leaves]
    assert all(read_entry(one.leaf) for one in lied.leaves)
