"""To which lot an entry belongs, and whose registration and certificates the evidence of a tender needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bidding.envelope.sheet import CustodySheet
from bidding.opening.events import Readout
from experts.lottery import Request
from ledger.bundle import Leaf
from ledger.canon import decode, encode
from ledger.events import EVENTS
from supervision.verifier.belonging import (
    ENROLLED,
    OPENED,
    RECOGNISED,
    REGISTERED,
    REQUESTED,
    SEALED,
    accounts,
    belongs,
    bodies,
    certificates,
    credit_codes,
    draws_of,
    ends,
    lot_of_draw,
    notice_of,
    readouts,
    scoped,
)
from supervision.verifier.case import DISCLOSED, LIFTED, VEILED, Case, Happened
from supervision.verifier.trust import Trust
from tests.supervision.forger import Forger
from tests.supervision.verifier.saved import case_of, saved
from trading.records import Body, TenderNotice

ONE, TWO, THREE = "sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3"
PUBLISHED, READ = "trading:notice:published", "bidding:prices:read"


@pytest.fixture
def case() -> Case:
    return case_of("whole")


def told(lie: Callable[[Forger], None]) -> Case:
    """The case with another log."""
    forger = Forger(case_of("whole"), saved("whole").trust)
    lie(forger)
    leaves = tuple(Leaf(index, data, ()) for index, data in sorted(forger.leaves.items()) if data is not None)
    return replace(forger.case, leaves=leaves, objects=forger.objects, _worked_out={})


def says(tag: str, at: int = 0, **values: object) -> Happened:
    """An entry that says something else."""
    return told(lambda forger: forger.say(forger.case.all(tag)[at], **values)).all(tag)[at]


def without(case: Case, digest: bytes, *, instead: bytes | None = None) -> Case:
    """The case without an object, or with other bytes in it."""
    objects = {name: data for name, data in case.objects.items() if name != digest.hex()}
    return replace(case, objects=objects if instead is None else {**objects, digest.hex(): instead}, _worked_out={})


def about(case: Case, *lots: str, tender: str | None = None) -> Case:
    """The case as one of other lots."""
    return replace(case, lots=lots, tender=tender or case.tender, _worked_out={})


def test_veils_and_enrolment_lie_under_no_tender(case: Case) -> None:
    of = {tag: ones[0] for tag, ones in case.by_tag.items()}
    veiled = next(one for one in case.entries if one.tag == VEILED)
    outside = {REGISTERED, ENROLLED, OPENED}
    assert {tag for tag, one in of.items() if not scoped(one)} == outside
    assert not scoped(veiled)
    assert outside <= set(EVENTS)


def test_every_entry_of_a_true_bundle_belongs(case: Case) -> None:
    assert [one.tag for one in case.open if scoped(one) and not belongs(case, one)] == []
    nothing = about(case, "x", tender="y")
    assert {one.tag for one in case.open if scoped(one) and belongs(nothing, one)} == {DISCLOSED}


def test_what_names_a_lot_or_the_tender(case: Case) -> None:
    assert belongs(case, says("trading:lot:noticed", lot=TWO))
    assert not belongs(case, says("trading:lot:noticed", lot="sl-2026-0009-1"))
    assert not belongs(case, says(PUBLISHED, tender="sl-2026-0009"))
    assert belongs(case, says(SEALED, lot=case.tender))
    assert not belongs(about(case, ONE, tender="x"), says(SEALED, lot=TWO))


def test_what_was_lifted_or_disclosed_belongs_by_what_it_is_about(case: Case) -> None:
    lift = next(one for one in case.all(LIFTED) if any(
        inner.index == one["index"] and inner.entry.values.get("lot") == ONE for inner in case.inner))  # fmt: skip
    assert belongs(case, lift)
    assert belongs(about(case, ONE), lift)
    assert not belongs(about(case, TWO, THREE), lift)
    assert not belongs(case, Happened(lift.index, lift.leaf, says(LIFTED, index=9_999).entry))
    said = case.all(DISCLOSED)[0]
    assert belongs(case, said)
    assert not belongs(case, says(DISCLOSED, entry=bytes(16)))


def test_what_a_draw_or_a_guarantee_is_about(case: Case) -> None:
    for tag in (REQUESTED, "experts:pool:frozen", "experts:draw:drawn"):
        first, last = case.all(tag)
        assert [belongs(about(case, ONE), one) for one in (first, last)] == [True, False]
        assert [belongs(about(case, THREE), one) for one in (first, last)] == [False, True]
        assert not belongs(case, says(tag, draw="x"))
    released = case.all("guarantees:guarantee:released")
    lots = {one["guarantee"]: one["lot"] for one in case.all(RECOGNISED)}
    for lot in (ONE, THREE):
        assert [belongs(about(case, lot), one) for one in released] == [
            lots[one["guarantee"]] == lot for one in released
        ]
        assert [belongs(about(case, lot), one) for one in case.all(RECOGNISED)] == [
            one["lot"] == lot for one in case.all(RECOGNISED)
        ]
    assert not belongs(case, says("guarantees:guarantee:released", guarantee="x"))
    code = case.all(RECOGNISED, lot=ONE)[0]["guarantee"]
    twice = told(lambda forger: forger.say(forger.case.all(RECOGNISED, lot=THREE)[0], guarantee=code))
    assert [belongs(about(twice, ONE), one) for one in twice.all(RECOGNISED, guarantee=code)] == [True, False]


def test_the_lot_of_a_draw(case: Case) -> None:
    first, last = case.all(REQUESTED)
    assert [lot_of_draw(case, one["draw"]) for one in (first, last)] == [ONE, THREE]
    assert (draws_of(case, ONE), draws_of(case, THREE), draws_of(case, TWO)) == ([first["draw"]], [last["draw"]], [])
    assert lot_of_draw(case, "x") == ""
    for broken in (without(case, first["digest"]), without(case, first["digest"], instead=b"x")):
        assert [lot_of_draw(broken, one["draw"]) for one in (first, last)] == ["", THREE]
    request = case.record(Request, last["digest"], "")
    again = without(case, first["digest"], instead=encode(replace(request, lot=THREE)))
    assert draws_of(again, THREE) == [first["draw"], last["draw"]]


def test_the_bodies_around_a_tender_are_those_of_its_notice(case: Case) -> None:
    digest = case.one(PUBLISHED)["digest"]
    found = case.record(TenderNotice, digest, "")
    assert notice_of(case) == found
    assert bodies(case) == {
        "purchaser": found.purchaser, "agent": found.agent, "centre": found.centre, "regulator": found.regulator,
    }  # fmt: skip
    gone = told(lambda forger: forger.drop(forger.case.one(PUBLISHED)))
    for broken in (without(case, digest), without(case, digest, instead=b"x"), gone, about(case, ONE, tender="x")):
        assert (notice_of(broken), bodies(broken)) == (None, {})


def codes(case: Case, lot: str) -> tuple[set[str], set[str]]:
    """The credit codes of the bids read, and of those that failed."""
    read = case.one(READ, lot=lot)
    return {bid.credit_code for bid in read["bids"]}, {bid.credit_code for bid in read["failed"]}


def no_bids(forger: Forger) -> None:
    """Read-outs that name nobody in their entries."""
    for one in forger.case.all(READ):
        forger.say(one, bids=(), failed=())


def no_sheets(forger: Forger) -> None:
    """No custody sheet came into force."""
    for one in forger.case.all(SEALED):
        forger.drop(one)


def test_who_must_be_registered(case: Case) -> None:
    around = {body.credit_code for body in bodies(case).values()}
    everybody = around.union(*codes(case, ONE), *codes(case, THREE))
    assert len(around) == 4
    assert credit_codes(case) == everybody
    before = told(lambda forger: forger.cut(forger.case.one(READ, lot=ONE).index - 1))
    assert credit_codes(before) == around
    # the table alone, where the entry is too short for it, and the entry alone
    short = told(no_bids)
    assert credit_codes(short) == everybody
    tables = [one["table"] for one in case.all(READ)]
    for instead in (None, b"x"):
        assert credit_codes(without(without(case, tables[0], instead=instead), tables[1], instead=instead)) == everybody
        assert credit_codes(without(short, tables[0], instead=instead)) == around.union(*codes(case, THREE))


def test_whoever_failed_without_a_name_is_not_asked_for(case: Case) -> None:
    def nameless(forger: Forger) -> None:
        one = forger.case.one(READ, lot=ONE)
        table = forger.case.record(Readout, one["table"], "")
        failed = tuple(replace(bid, credit_code="") for bid in table.failed)
        forger.say(one, failed=failed, table=forger.put(encode(replace(table, failed=failed))))

    around = {body.credit_code for body in bodies(case).values()}
    assert credit_codes(told(nameless)) == around.union(codes(case, ONE)[0], *codes(case, THREE))


def test_read_outs_name_bids_and_failures(case: Case) -> None:
    tables = [case.record(Readout, one["table"], "") for one in case.all(READ)]
    assert list(readouts(case)) == [
        (
            *(Body(bid.credit_code, bid.name) for bid in table.bids),
            *(Body(bid.credit_code, bid.name) for bid in table.failed),
        )
        for table in tables
    ]
    gone = without(case, case.all(READ)[0]["table"], instead=b"x")
    assert list(readouts(gone)) == list(readouts(case))[1:]


def test_accounts_are_those_that_acted_under_the_tender(case: Case) -> None:
    assert accounts(case) == {one.by for one in case.open if one.tag not in {VEILED, REGISTERED, ENROLLED, OPENED}}
    assert len(accounts(case)) > 5


@pytest.fixture
def trust() -> Trust:
    return replace(saved("whole").trust, _known={}, _ends={}, _named={})


def test_certificates_are_those_that_entries_sheets_and_signatures_name(case: Case, trust: Trust) -> None:
    said = {one["certificate"] for one in case.open if "certificate" in one.entry.values}
    sheets = {leaf.certificate for one in case.all(SEALED) for leaf in decode(CustodySheet, one["sheet"]).leaves}
    signed = {trust.named_in(data) for data in case.objects.values()} - {b""}
    assert certificates(case, trust) == said | sheets | signed
    assert b"" not in certificates(case, trust)
    nobody = replace(case, objects={}, _worked_out={})
    assert certificates(nobody, trust) == said | sheets
    assert certificates(replace(told(no_sheets), objects={}, _worked_out={}), trust) == said
    strange = told(lambda forger: forger.say(forger.case.all(SEALED)[0], sheet=_other_leaf(forger)))
    assert certificates(strange, trust) == said | sheets | signed | {bytes(32)}


def _other_leaf(forger: Forger) -> bytes:
    sheet = decode(CustodySheet, forger.case.all(SEALED)[0]["sheet"])
    leaves = (replace(sheet.leaves[0], certificate=bytes(32)), *sheet.leaves[1:])
    return encode(replace(sheet, leaves=leaves))


def test_until_when_they_are_valid(case: Case, trust: Trust) -> None:
    found = ends(case, trust)
    signatures = [one.signature for entry in case.all(SEALED) for one in entry["signatures"]]
    named = {trust.named_in(data) for data in (*signatures, *case.objects.values())} - {b""}
    assert found == {one: trust.end_of(one) for one in named}
    of_sheets = {trust.named_in(data) for data in signatures}
    assert set(ends(replace(case, objects={}, _worked_out={}), trust)) == of_sheets
    assert len(of_sheets) == 3
