"""A bundle read as a case: what it must have and may not have, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from ledger.bundle import Later, read_later, read_leaves, unpack, write_json, write_later
from ledger.canon import Malformed
from ledger.errors import Broken
from supervision.verifier.case import (
    CHECKPOINT,
    ENTRIES,
    FIXED,
    HEAD,
    MOMENTS,
    PAGE,
    TIMESTAMPS,
    WITNESSES,
    Case,
    Happened,
    Missing,
    fault,
    missing,
    once_a_case,
    read_case,
    sha256,
)
from tests.supervision.verifier.saved import saved
from trading.records import Addendum, TenderNotice

DRAFTED, NOTICED, PUBLISHED = "trading:lot:drafted", "trading:lot:noticed", "trading:notice:published"
NOT_A_HEAD = "the head of the bundle is not what it must be"


@cache
def parts() -> Mapping[str, bytes]:
    """The parts of a whole tender's archive."""
    return unpack(saved("whole").regulators)


@pytest.fixture
def case() -> Case:
    return read_case(parts())


def said(case: Case, ask: Callable[[Case], object]) -> str:
    """Code and sentence of what is not there."""
    with pytest.raises(Missing) as caught:
        ask(case)
    (reason,) = caught.value.reasons
    return str(reason)


def test_a_case_is_what_the_parts_say(case: Case) -> None:
    read = parts()
    head = {"kind": "regulator", "tender": "sl-2026-0001", "moment": "latest"}
    assert (case.kind, case.tender, case.moment) == tuple(head.values())
    assert case.lots == ("sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3")
    assert case.note == read[CHECKPOINT]
    assert case.leaves == tuple(read_leaves(read[ENTRIES]))
    assert {f"objects/{name}": data for name, data in case.objects.items()} | {
        f"private/{name}": data for name, data in case.private.items()
    } == {name: data for name, data in read.items() if name not in FIXED}
    assert case.private.keys() >= {"sl-2026-0001-1/a.batch"}
    assert set(case.members) == set(read) - {HEAD}
    assert (case.witnessed, case.stamped) == (None, None)


def test_what_others_said_of_the_log_is_read_each_from_its_part() -> None:
    one, two = Later(b"a checkpoint", (bytes(32),)), Later(b"another", (bytes(32),), b"a token")
    found = read_case({**parts(), WITNESSES: write_later(one), TIMESTAMPS: write_later(two)})
    assert found.witnessed == read_later(write_later(one), stamped=False) == one
    assert found.stamped == read_later(write_later(two), stamped=True) == two
    for wrong in ({WITNESSES: write_later(two)}, {TIMESTAMPS: write_later(one)}):
        with pytest.raises(Broken):
            read_case({**parts(), **wrong})


def broken(read: Mapping[str, bytes]) -> str:
    with pytest.raises(Broken) as caught:
        read_case(read)
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(FIXED))
def test_every_bundle_has_its_parts(name: str) -> None:
    assert broken({one: data for one, data in parts().items() if one != name}) == f"the bundle has no {name}"


def test_the_first_missing_part_is_named() -> None:
    assert broken({}) == "the bundle has no README.md"


@pytest.mark.parametrize("name", ["x", "object/x", "Objects/x", "privat", "", "xobjects/"])
def test_nothing_else_has_a_place(name: str) -> None:
    assert broken({**parts(), name: b""}) == f"{name} has no place in a bundle"
    assert read_case({**parts(), "objects/x": b"", "private/x": b""}).private["x"] == b""


def test_the_page_is_the_one_in_every_bundle() -> None:
    assert broken({**parts(), PAGE: b"another"}) == "README.md is not the page that lies in every bundle"


def head(**values: object) -> bytes:
    """The head with other values; None leaves one out."""
    old = {
        "format": "sunlight.bundle/2", "kind": "public", "lots": ["a"], "members": {"x": "y"}, "moment": "latest",
        "tender": "t",
    }  # fmt: skip
    return write_json({name: value for name, value in {**old, **values}.items() if value is not None})


def test_a_head_is_read() -> None:
    found = read_case({**parts(), HEAD: head()})
    assert (found.kind, found.tender, found.lots, found.members) == ("public", "t", ("a",), {"x": "y"})
    for moment in (*MOMENTS, "latest"):
        assert read_case({**parts(), HEAD: head(moment=moment, kind="regulator", lots=[])}).moment == moment


WRONG: list[dict[str, Any]] = [
    *({name: None} for name in ("format", "kind", "lots", "members", "moment", "tender")),
    *({name: 1} for name in ("format", "kind", "lots", "members", "moment", "tender")),
    {"more": "x"},
    {"format": "sunlight.bundle/1"}, {"kind": "secret"}, {"moment": "dawn"}, {"lots": {"a": "b"}}, {"lots": "ab"},
    {"lots": ["a", 1]}, {"lots": [1, "a"]}, {"members": ["a"]}, {"members": {"x": 1}}, {"members": {"x": "y", "z": []}},
    {"members": "x"}, {"tender": ["t"]},
]  # fmt: skip


@pytest.mark.parametrize("values", WRONG, ids=str)
def test_a_head_that_is_none(values: dict[str, Any]) -> None:
    assert broken({**parts(), HEAD: head(**values)}) == NOT_A_HEAD


@pytest.mark.parametrize("value", [[], "x", None, 1, ["format", "kind", "lots", "members", "moment", "tender"]])
def test_a_head_that_is_no_table(value: object) -> None:
    assert broken({**parts(), HEAD: write_json(value)}) == NOT_A_HEAD


def test_entries_are_asked_by_kind_and_values(case: Case) -> None:
    one, two, three = case.lots
    assert [found["lot"] for found in case.all(DRAFTED)] == [one, two, three]
    assert [found["lot"] for found in case.all(DRAFTED, lot=two)] == [two]
    assert case.all(DRAFTED, lot=two, code="x") == case.all("x:y:z") == case.all(DRAFTED, lot="x") == []
    first, last = case.first(DRAFTED), case.last(DRAFTED)
    assert (first, last) == (case.all(DRAFTED)[0], case.all(DRAFTED)[2])
    assert case.first(NOTICED, lot=two) == case.last(NOTICED, lot=two) == case.one(NOTICED, lot=two)
    assert case.first("x:y:z") is case.last("x:y:z") is case.first(NOTICED, lot="x") is None


def test_one_entry_is_one(case: Case) -> None:
    text = "verify.not_one: There must be exactly one entry trading:lot:noticed, and there are {}."
    assert said(case, lambda case: case.one(NOTICED)) == text.format(3)
    assert said(case, lambda case: case.one(NOTICED, lot="x")) == text.format(0)


def test_what_is_missing_is_named(case: Case) -> None:
    text = "verify.missing: The bundle does not hold what must be there: a thing."
    assert said(case, lambda case: case.object(bytes(32), "a thing")) == text
    assert said(case, lambda case: case.record(TenderNotice, bytes(32), "a thing")) == text
    other = "verify.not_record: This object is not the record that it should be: a thing."
    digest = case.one(PUBLISHED)["digest"]
    assert said(case, lambda case: case.record(Addendum, digest, "a thing")) == other
    assert case.object(digest, "a thing") == case.objects[digest.hex()]
    (reason,) = missing("a thing", of="x").reasons
    assert reason.facts == {"what": "a thing", "of": "x"}


def test_a_record_is_read_once_for_each_kind(case: Case) -> None:
    digest = case.one(PUBLISHED)["digest"]
    found = case.record(TenderNotice, digest, "")
    assert found.tender == case.tender
    assert case.record(TenderNotice, digest, "") is found
    other = sha256(b"x")
    with_another = replace(case, objects={**case.objects, other.hex(): case.objects[digest.hex()]}, _worked_out={})
    assert with_another.record(TenderNotice, other, "") == found
    assert with_another.record(TenderNotice, other, "") is not with_another.record(TenderNotice, digest, "")


def test_what_was_worked_out_is_kept(case: Case) -> None:
    given = iter("abc")
    asked = [case.once(("x", at), lambda: next(given)) for at in (1, 2, 1, 2, 3)]
    assert asked == ["a", "b", "a", "b", "c"]


def test_a_rule_is_worked_out_once_for_a_case_and_its_facts(case: Case) -> None:
    asked: list[object] = []

    @once_a_case
    def first(case: Case, fact: object) -> tuple[str, object]:
        asked.append(fact)
        return case.tender, fact

    @once_a_case
    def second(_case: Case, _fact: object) -> str:
        return "second"

    assert [first(case, 1), first(case, 2), first(case, 1)] == [(case.tender, 1), (case.tender, 2), (case.tender, 1)]
    assert (second(case, 1), asked) == ("second", [1, 2])
    assert first(replace(case, tender="x", _worked_out={}), 1) == ("x", 1)
    assert (first.__name__, asked) == ("first", [1, 2, 1])


def test_an_entry_that_cannot_be_read_is_left_out(case: Case) -> None:
    assert [(one.index, one.leaf) for one in case.entries] == [(one.index, one.leaf) for one in case.leaves]
    spoiled = replace(case.leaves[3], leaf=b"x")
    found = replace(case, leaves=(*case.leaves[:3], spoiled, *case.leaves[4:]), _worked_out={})
    assert found.entries == (*case.entries[:3], *case.entries[4:])


def test_a_finding() -> None:
    found = fault("word", "%(one)s and %(two)s", one=1, two=Malformed("x"))
    assert (found.code, found.text) == ("verify.word", "%(one)s and %(two)s")
    assert found.facts == {"one": "1", "two": "x"}


def test_an_entry_gives_its_fields(case: Case) -> None:
    one: Happened = case.one(NOTICED, lot=case.lots[1])
    assert (one["lot"], one.tag) == (case.lots[1], NOTICED)
    with pytest.raises(KeyError):
        one["nothing"]


def test_sha256() -> None:
    assert sha256(b"").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
