"""The invitations of a draw played again, and the panel that stands."""

from __future__ import annotations

from hashlib import sha256

import pytest

from experts.lottery import ROLES, DrawRecord, Line, Need, Request, Seat, frozen, recompute, seed_commitment
from ledger.canon import encode
from ledger.errors import Refused
from supervision.verifier.case import REGULATOR, Case, Happened, Missing
from supervision.verifier.draw import (
    COMMITTED,
    COMPLETED,
    FROZEN,
    REQUESTED,
    REVEALED,
    Replay,
    _one,
    drawing,
    panel_of,
)
from tests.supervision.verifier.small import MORNING, ONE, TWO, case_of, happened

ID = bytes(range(16))
NEEDS = (Need("roads", 2), Need("lights", 1))


def firm(name: str) -> bytes:
    return sha256(name.encode()).digest()


def drawn(*lines: Line, needs: tuple[Need, ...] = NEEDS) -> DrawRecord:
    """A draw of three seats, unless it is told otherwise."""
    request = Request(ID, ONE, needs, MORNING)
    seeds = tuple(firm(role) for role in ROLES)
    commitments = tuple(seed_commitment(ID, role, seed) for role, seed in zip(ROLES, seeds, strict=True))
    return DrawRecord(request, commitments, frozen(request, lines, ()), seeds)


def people(count: int, *specialities: str) -> list[Line]:
    return [Line(f"{'-'.join(specialities)}{at}", specialities, firm(f"{specialities}{at}")) for at in range(count)]


def asked(made: DrawRecord) -> tuple[Replay, list[Seat]]:
    """A draw in which those whose turn it was were asked."""
    replay, seats = Replay(made), list(recompute(made).seats)
    assert [replay.invited(seat.code) for seat in seats] == [True] * len(seats)
    assert replay.here == {seat.code: seat for seat in seats}
    return replay, seats


def test_those_who_accept_take_the_lowest_free_seat() -> None:
    replay, (one, two, three) = asked(drawn(*people(6, "roads", "lights")))
    assert list(replay.seats) == []
    assert [replay.accepted(seat.code) for seat in (two, three, two, one)] == [True, True, False, True]
    assert replay.numbers == {1: two.code, 2: three.code, 3: one.code}
    assert list(replay.seats) == [two.code, three.code, one.code]
    assert replay.left(three.code)
    assert replay.numbers == {1: two.code, 3: one.code}
    assert list(replay.seats) == [two.code, one.code]
    (following,) = replay.expected
    assert isinstance(following, Seat)
    assert [replay.accepted(following.code), replay.invited(following.code), replay.accepted(following.code)] == [
        False, True, True,
    ]  # fmt: skip
    assert replay.numbers == {1: two.code, 3: one.code, 2: following.code}


def test_who_is_asked_out_of_turn_takes_the_turn_away() -> None:
    made = drawn(*people(6, "roads", "lights"))
    replay, (one, two, three) = Replay(made), recompute(made).seats
    assert [replay.invited(code) for code in (two.code, one.code, three.code, three.code)] == [
        False, False, True, False,
    ]  # fmt: skip
    assert (replay.here, replay.expected) == ({three.code: three}, [])


def test_nobody_who_left_comes_again() -> None:
    made = drawn(*people(6, "roads", "lights"))
    replay, (one, two, _three) = asked(made)
    order = recompute(made).order
    assert order[:2] == (one.code, two.code)
    gone = [one.code]
    assert [replay.left(one.code), replay.left(one.code), replay.left("x")] == [True, False, False]
    for code in order[3:]:
        assert [one.code for one in replay.expected if isinstance(one, Seat)] == [code]
        assert replay.invited(code)
        assert replay.left(code)
        gone.append(code)
    assert replay.gone == set(gone)
    assert replay.expected == [one.speciality]
    assert replay.exhausted(one.speciality)
    assert (replay.expected, replay.exhausted(one.speciality)) == ([], False)


def test_who_follows_has_the_speciality_and_no_employer_of_those_who_stay() -> None:
    roads, lights = people(4, "roads"), people(2, "lights")
    replay, seats = asked(drawn(*roads, *lights))
    leaving = next(seat for seat in seats if seat.speciality == "lights")
    spare = next(line for line in lights if line.code != leaving.code)
    assert replay.left(leaving.code)
    assert replay.expected == [Seat(spare.code, "lights")]
    assert replay.invited(spare.code)
    assert replay.left(spare.code)
    assert replay.expected == ["lights"]
    assert not replay.exhausted("roads")
    replay.expected = ["lights", "roads"]
    assert [replay.exhausted("lights"), replay.expected] == [True, ["roads"]]


def test_a_place_that_nobody_can_take_is_nobodys_turn() -> None:
    replay, (one, _two, _three) = asked(drawn(*people(3, "roads", "lights")))
    assert replay.left(one.code)
    assert replay.expected == [one.speciality]
    assert not replay.invited(one.code)
    assert replay.expected == []


def test_a_draw_that_is_none_is_not_played() -> None:
    with pytest.raises(Refused) as refusal:
        Replay(drawn(*people(2, "roads"), needs=(Need("roads", 3),)))
    assert refusal.value.codes == ["experts.pool_too_small"]


def requested(index: int, code: str, lot: str) -> tuple[Happened, bytes]:
    data = encode(Request(ID, lot, NEEDS, MORNING))
    return happened(index, REQUESTED, draw=code, seats=3, digest=sha256(data).digest()), data


def case(*completed: tuple[int, str, tuple[str, ...]]) -> Case:
    """Two draws for the first lot, one for the second; panels by place in the log and draw."""
    asked_for = [requested(1, "a", ONE), requested(2, "b", ONE), requested(3, "c", TWO)]
    panels = [happened(at, COMPLETED, draw=draw, seats=seats, record=bytes(32)) for at, draw, seats in completed]
    objects = {sha256(data).hexdigest(): data for _entry, data in asked_for}
    return case_of(*(entry for entry, _data in asked_for), *panels, objects=objects)


def test_a_draw_whose_request_is_not_there_is_said_to_miss_it() -> None:
    entry, data = requested(1, ID.hex(), ONE)
    root = happened(2, FROZEN, draw=ID.hex(), root=bytes(32), size=0, candidates=0)
    missing = "verify.missing: The bundle does not hold what must be there: %s."
    for objects, what in (({}, "the request of a draw"), ({sha256(data).hexdigest(): data}, "the pool of a draw")):
        bundle = case_of(entry, root, *given(), kind=REGULATOR, objects=objects)
        with pytest.raises(Missing) as refused:
            drawing(bundle, ID.hex())
        assert [str(reason) for reason in refused.value.reasons] == [missing % what]
        with pytest.raises(Missing) as refused:
            list(_one(bundle, ID.hex(), entry))
        assert [str(reason) for reason in refused.value.reasons] == [missing % what]


def given() -> list[Happened]:
    """Commitments and seeds of the three bodies."""
    return [
        *(happened(10, COMMITTED, draw=ID.hex(), body=role, commitment=b"") for role in ROLES),
        *(happened(20, REVEALED, draw=ID.hex(), body=role, seed=b"") for role in ROLES),
    ]


def test_the_panel_that_stands_is_the_last_complete_one_of_the_lot() -> None:
    assert panel_of(case((4, "a", ("x", "y"))), ONE) == ("x", "y")
    assert panel_of(case((4, "a", ("x",)), (5, "a", ("y",)), (6, "c", ("z",))), ONE) == ("y",)
    assert panel_of(case((4, "a", ("x",)), (5, "a", ("y",)), (6, "c", ("z",))), TWO) == ("z",)
    assert panel_of(case((4, "a", ("x",)), (5, "b", ("y",)), (6, "b", ("z",))), ONE) == ("z",)
    for lot in (ONE, TWO):
        with pytest.raises(Missing) as missing:
            panel_of(case(), lot)
        assert [str(reason) for reason in missing.value.reasons] == [
            "verify.missing: The bundle does not hold what must be there: a complete panel."
        ]
