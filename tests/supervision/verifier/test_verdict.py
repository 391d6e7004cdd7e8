"""The verdict on a bundle: a result for every check, and no check at all where the archive cannot be read."""

from __future__ import annotations

from dataclasses import replace

from ledger.bundle import pack, unpack
from supervision.verifier.case import HEAD, Case, fault, read_case
from supervision.verifier.check import Result, run
from supervision.verifier.verifying import CHECKS, NOT_REACHED, Verdict, verify
from tests.supervision.verifier.saved import case_of, saved


def test_a_true_bundle_is_good() -> None:
    held = saved("hours")
    verdict = verify(held.public, held.trust)
    assert verdict.case == read_case(unpack(held.public))
    assert [(one.number, one.title, one.faults) for one in verdict.results] == [
        (check.number, check.title, ()) for check in CHECKS
    ]
    undone = [one.number for one in verdict.results if one.undone == "cannot be done with a public bundle"]
    assert undone == [36, 37, 38, 39]
    assert (verdict.failed, verdict.is_good) == ((), True)


def test_what_a_check_finds_is_in_the_verdict() -> None:
    held = saved("hours")
    data = pack({**unpack(held.public), "objects/x": b""})
    verdict = verify(data, replace(held.trust, roots=(), _known={}))
    case = read_case(unpack(data))
    assert verdict.results[0] == run(CHECKS[0], case, held.trust)
    assert {one.number for one in verdict.failed} >= {1, 8, 40}
    assert not verdict.is_good


def test_an_archive_that_cannot_be_read() -> None:
    held = saved("hours")
    for data, why in (
        (held.public[:-1], "this is not a bundle"),
        (
            pack({name: data for name, data in unpack(held.public).items() if name != HEAD}),
            "the bundle has no bundle.json",
        ),
    ):
        verdict = verify(data, held.trust)
        (first, *others) = verdict.results
        said = fault("archive", "The archive cannot be read: %(why)s.", why=why)
        assert first == Result(1, CHECKS[0].title, (said,), "")
        assert others == [Result(check.number, check.title, (), NOT_REACHED) for check in CHECKS[1:]]
        assert (verdict.case, verdict.failed, verdict.is_good) == (None, (first,), False)
        assert str(said) == f"verify.archive: The archive cannot be read: {why}."


def test_no_case_is_not_good() -> None:
    case: Case = case_of("hours")
    assert Verdict(case, (Result(1, "", ()),)).is_good
    assert not Verdict(None, (Result(1, "", ()),)).is_good
    assert not Verdict(case, (Result(1, "", (fault("x", ""),)),)).is_good
