"""What names an object: the first entry, else the record in the object with the smallest name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.canon import encode, tag_of
from supervision.verifier.case import Case
from supervision.verifier.naming import digests_in, inside, named, namers
from tests.supervision.verifier.saved import case_of
from trading.records import Addendum, Body, PaperLine, TenderNotice

ONE, TWO, THREE = (bytes([at]) * 32 for at in (1, 2, 3))
PUBLISHED = "trading:notice:published"


@dataclass(frozen=True)
class Pair:
    """Two values."""

    first: object
    second: object


def test_digests_are_found_wherever_they_stand() -> None:
    value = (ONE, "text", 7, None, b"short", bytes(31), bytes(33), Pair(TWO, ((THREE,), Pair("x", ONE))))
    assert list(digests_in(value)) == [ONE, TWO, THREE, ONE]
    assert list(digests_in(ONE)) == [ONE]
    assert list(digests_in([ONE])) == list(digests_in("x" * 32)) == []


def addendum(*digests: bytes) -> bytes:
    """An addendum that names papers."""
    at = case_of("whole").one(PUBLISHED).at
    papers = tuple(PaperLine("kind", "name", digest, 1) for digest in digests)
    return encode(Addendum("t", 1, "title", "text", False, at, at, papers))


def test_records_of_known_kinds_name_digests_and_nothing_else_does() -> None:
    assert list(inside(addendum(ONE, TWO))) == [(tag_of(Addendum), ONE.hex()), (tag_of(Addendum), TWO.hex())]
    body = encode(Body("code", "name"))
    for data in (b"", b"x", b"\x09", addendum(ONE)[:-1], addendum(ONE) + b"x", body, b"\x08" + addendum(ONE)[1:],
                 b"\x09\xff\xff\xff\xff", b"\x09\x00\x00\x00\x01\xff"):  # fmt: skip
        assert list(inside(data)) == []


def test_every_object_of_a_true_bundle_is_named() -> None:
    for name in ("whole", "own", "lost", "hours"):
        case = case_of(name)
        assert case.objects.keys() <= named(case)
        assert named(case) == set(namers(case))


def with_objects(case: Case, **objects: bytes) -> Case:
    return replace(case, objects={**case.objects, **objects}, _worked_out={})


def test_entries_name_first_then_the_record_under_the_smallest_name() -> None:
    case = case_of("whole")
    notice = case.one(PUBLISHED)["digest"].hex()
    assert namers(case)[notice] == PUBLISHED
    paper = case.record(TenderNotice, bytes.fromhex(notice), "").papers[0].digest.hex()
    assert namers(case)[paper] == "trading:paper:added"
    # an object that an entry names now holds a record that names others, and these name more
    strange, deeper = "aa" * 32, "bb" * 32
    told = with_objects(
        case, **{notice: addendum(bytes.fromhex(strange)), strange: addendum(bytes.fromhex(deeper), ONE), deeper: b"x"}
    )
    found = namers(told)
    assert (found[strange], found[deeper], found[ONE.hex()]) == (tag_of(Addendum),) * 3
    assert found.keys() - namers(case).keys() == {strange, deeper, ONE.hex()}
    assert ONE.hex() not in namers(with_objects(case, **{strange: addendum(ONE)}))


def test_of_two_records_the_smaller_name_says_what_it_is() -> None:
    case = case_of("whole")
    notice, report = case.one(PUBLISHED)["digest"].hex(), case.all("evaluation:report:made")[0]["digest"].hex()
    old = case.record(TenderNotice, bytes.fromhex(notice), "")
    line = replace(old.papers[0], digest=ONE)
    by_notice, by_addendum = encode(replace(old, papers=(line,))), addendum(ONE)
    first, last = sorted((notice, report))
    assert namers(with_objects(case, **{first: by_notice, last: by_addendum}))[ONE.hex()] == tag_of(TenderNotice)
    assert namers(with_objects(case, **{first: by_addendum, last: by_notice}))[ONE.hex()] == tag_of(Addendum)
