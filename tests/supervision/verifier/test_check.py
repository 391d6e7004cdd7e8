"""How a check is run: what it finds for each lot, what stops it, and when it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ledger.errors import Broken, Reason, Refused
from supervision.verifier.case import PUBLIC, Case, fault
from supervision.verifier.check import NOT_YET, WITH_PUBLIC, Check, Found, Result, Undone, caught, each_lot, run
from supervision.verifier.trust import Trust
from tests.supervision.verifier.saved import case_of, saved

ONE, TWO = fault("one", "First.", fact="x"), fault("two", "Second.")
LATER, NEVER = Undone("later"), Undone("never")
TAG = "trading:notice:published"


def gives(*found: Reason | Undone | Exception) -> Callable[[Case, Trust], Found]:
    """A rule that gives these, and raises an exception among them."""

    def rule(_case: Case, _trust: Trust) -> Found:
        for one in found:
            if isinstance(one, Exception):
                raise one
            yield one

    return rule


@pytest.fixture
def case() -> Case:
    return case_of("whole")


@pytest.fixture
def trust() -> Trust:
    return saved("whole").trust


def told(found: Iterator[Reason | Undone]) -> list[tuple[str, str, dict[str, str]]]:
    return [(one.code, one.text, one.facts) for one in found if isinstance(one, Reason)]


def test_a_result(case: Case, trust: Trust) -> None:
    assert run(Check(7, "title", gives()), case, trust) == Result(7, "title", (), "")
    assert run(Check(7, "title", gives(ONE, TWO)), case, trust) == Result(7, "title", (ONE, TWO), "")
    assert run(Check(7, "title", gives(ONE, LATER, TWO, NEVER)), case, trust) == Result(7, "title", (ONE, TWO), "later")


def test_a_rule_is_asked_about_the_case_by_what_is_trusted(case: Case, trust: Trust) -> None:
    def rule(asked: Case, given: Trust) -> Found:
        yield fault("asked", "", same=(asked is case, given is trust))

    assert run(Check(7, "title", rule), case, trust).faults == (fault("asked", "", same=(True, True)),)


def test_a_result_is_ok_when_it_was_done_and_found_nothing() -> None:
    assert Result(1, "", ()).is_ok
    assert not Result(1, "", (ONE,)).is_ok
    assert not Result(1, "", (), "later").is_ok


def test_what_a_public_bundle_cannot_show(case: Case, trust: Trust) -> None:
    public = replace(case, kind=PUBLIC, _worked_out={})
    private = Check(7, "title", gives(ONE), is_private=True)
    assert run(private, case, trust).faults == (ONE,)
    assert run(private, public, trust) == Result(7, "title", (), WITH_PUBLIC.text)
    assert run(Check(7, "title", gives(ONE)), public, trust).faults == (ONE,)


def test_what_does_not_apply_yet_was_done_all_the_same(case: Case, trust: Trust) -> None:
    for since, undone in (((), ""), ((TAG,), ""), (("x:y:z", TAG), ""), (("x:y:z",), NOT_YET.text)):
        assert run(Check(7, "title", gives(ONE), since=since), case, trust) == Result(7, "title", (ONE,), undone)
    assert run(Check(7, "title", gives(LATER), since=("x:y:z",)), case, trust).undone == "later"
    assert run(Check(7, "title", gives(LATER), since=(TAG,)), case, trust).undone == "later"


def test_what_stops_a_rule_is_one_finding_more(case: Case, trust: Trust) -> None:
    stops: list[tuple[Exception, list[tuple[str, str, dict[str, str]]]]] = [
        (Refused(TWO, ONE), [("verify.two", "Second.", {}), ("verify.one", "First.", {"fact": "x"})]),
        (Broken("why"), [("verify.broken", "This cannot be read: %(why)s.", {"why": "why"})]),
        *((error, [("verify.odd", "What stands here does not fit together (%(kind)s).", {"kind": kind})])
          for error, kind in ((KeyError("x"), "KeyError"), (ValueError("x"), "ValueError"),
                              (ZeroDivisionError("x"), "ZeroDivisionError"), (StopIteration("x"), "RuntimeError"))),
    ]  # fmt: skip
    for error, found in stops:
        assert told(caught(gives(ONE, error, TWO)(case, trust))) == [("verify.one", "First.", {"fact": "x"}), *found]
    with pytest.raises(TypeError):
        list(caught(gives(TypeError("x"))(case, trust)))


def test_a_rule_is_asked_about_every_lot(case: Case, trust: Trust) -> None:
    @each_lot
    def rule(asked: Case, given: Trust, lot: str) -> Found:
        assert (asked is case, given is trust) == (True, True)
        if lot == case.lots[0]:
            raise Broken("why")
        yield Reason("a.b", "%(lot)s %(more)s", {"more": "x"} if lot == case.lots[1] else {"lot": "own"})
        yield LATER

    found = list(rule(case, trust))
    assert told(iter(found)) == [
        ("verify.broken", "This cannot be read: %(why)s.", {"lot": case.lots[0], "why": "why"}),
        ("a.b", "%(lot)s %(more)s", {"lot": case.lots[1], "more": "x"}),
        ("a.b", "%(lot)s %(more)s", {"lot": "own"}),
    ]
    assert found.count(LATER) == 2
