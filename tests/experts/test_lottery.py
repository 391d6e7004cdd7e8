"""The draw: one order from three seeds and a frozen pool, recomputed by anyone, uniform, and refused when touched."""

from __future__ import annotations

import hmac
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.lottery import (
    AVOIDED,
    EXCLUSIONS,
    NO_SPECIALITY,
    ROLES,
    DrawRecord,
    Line,
    Need,
    Pool,
    Request,
    Result,
    Seat,
    exclusions,
    final_seed,
    frozen,
    order_of,
    pool_root,
    pool_warnings,
    recompute,
    record_blockers,
    replacement,
    request_digest,
    seed_blockers,
    seed_commitment,
    tie,
)
from ledger.canon import decode, encode
from ledger.errors import Refused

SALT = bytes(32)
REQUEST = Request(bytes(range(16)), "HK-2026-001/1", (Need("A08", 5),), datetime(2026, 3, 24, 6, tzinfo=UTC))


def line(number: int, *specialities: str, firm: int | None = None, ties: tuple[str, ...] = (), unfit: str = "") -> Line:
    """Expert e`number`, alone at a firm of the same number unless said."""
    employer = tie(SALT, f"firm{number if firm is None else firm:03}")
    return Line(
        f"e{number:03}",
        specialities or ("A08",),
        employer,
        tuple(tie(SALT, name) for name in ties),
        (unfit,) if unfit else (),
    )


def seeds_of(number: int) -> tuple[bytes, ...]:
    """Three seeds for draw `number`, the same in every run."""
    return tuple(sha256(f"{role} {number}".encode()).digest() for role in ROLES)


def commitments(request: Request, seeds: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """What the three publish."""
    return tuple(seed_commitment(request.id, role, seed) for role, seed in zip(ROLES, seeds, strict=True))


def drawn(lines: list[Line], number: int = 0, request: Request = REQUEST, avoided: tuple[str, ...] = ()) -> DrawRecord:
    """The record of draw `number` from `lines`."""
    pool = frozen(request, lines, [tie(SALT, firm) for firm in avoided])
    return DrawRecord(request, commitments(request, seeds_of(number)), pool, seeds_of(number))


TWENTY = [line(number) for number in range(20)]
RECORD = drawn(TWENTY)


def test_the_draw_step_by_step_by_hand() -> None:
    # Written out with hashlib and hmac alone, so that a change of any tag, order or length shows.
    pool = sha256(encode(RECORD.pool)).digest()
    request = sha256(encode(REQUEST)).digest()
    seed = sha256(b"sunlight.draw/1\0" + pool + request + b"".join(RECORD.seeds)).digest()
    keys = {one.code: hmac.new(seed, one.code.encode(), sha256).digest() for one in TWENTY}
    order = sorted(keys, key=lambda code: keys[code])
    assert (pool_root(RECORD.pool), request_digest(REQUEST), final_seed(RECORD)) == (pool, request, seed)
    assert recompute(RECORD) == Result(
        order=tuple(order),
        seats=tuple(Seat(code, "A08") for code in order[:5]),
        reserves=tuple(order[5:8]),
        excluded={},
    )


def test_the_golden_draw() -> None:
    # Published once: whoever changes it changes every draw on record.
    assert final_seed(RECORD).hex() == "f259e86a5b0d6e15ecf2a14903d62279fd96b62cd8f4cf2289ad25fe06db759b"
    assert [seat.code for seat in recompute(RECORD).seats] == ["e006", "e017", "e012", "e001", "e011"]


def test_the_record_can_be_carried_away_and_recomputed() -> None:
    assert decode(DrawRecord, encode(RECORD)) == RECORD
    assert recompute(decode(DrawRecord, encode(RECORD))) == recompute(RECORD)


def test_a_commitment_binds_request_role_and_seed() -> None:
    seed = RECORD.seeds[0]
    assert (
        seed_commitment(REQUEST.id, "agent", seed)
        == sha256(b"sunlight.seed/1\0" + REQUEST.id + b"agent" + seed).digest()
    )
    assert seed_blockers(REQUEST.id, "agent", RECORD.commitments[0], seed) == []
    found = [
        seed_blockers(REQUEST.id, "agent", RECORD.commitments[0], RECORD.seeds[1]),
        seed_blockers(REQUEST.id, "centre", RECORD.commitments[0], seed),
        seed_blockers(bytes(16), "agent", RECORD.commitments[0], seed),
        seed_blockers(REQUEST.id, "agent", RECORD.commitments[0], seed + b"\0"),
    ]
    assert [[reason.code for reason in reasons] for reasons in found] == [
        ["experts.seed_not_committed"],
        ["experts.seed_not_committed"],
        ["experts.seed_not_committed"],
        ["experts.seed_length"],
    ]


@pytest.mark.parametrize(
    ("request_id", "role", "seed"),
    [(bytes(15), "agent", bytes(32)), (bytes(16), "clerk", bytes(32)), (bytes(16), "agent", b"")],
)
def test_a_commitment_to_anything_else_is_a_mistake(request_id: bytes, role: str, seed: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seed_commitment(request_id, role, seed)


def test_a_short_salt_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        tie(bytes(31), "firm")


def other_pool(record: DrawRecord) -> DrawRecord:
    """The same draw on a pool that lost its first line after the commitments."""
    return replace(record, pool=Pool(record.pool.request, record.pool.lines[1:], ()))


@pytest.mark.parametrize(
    ("touch", "codes"),
    [
        (lambda r: replace(r, seeds=(bytes(32), *r.seeds[1:])), ["experts.seed_not_committed"]),
        (lambda r: replace(r, seeds=r.seeds[::-1]), ["experts.seed_not_committed"] * 2),
        (lambda r: replace(r, seeds=(b"", *r.seeds[1:])), ["experts.seed_length"]),
        (lambda r: replace(r, seeds=r.seeds[:2]), ["experts.seeds_incomplete"]),
        (lambda r: replace(r, commitments=()), ["experts.seeds_incomplete"]),
        (lambda r: replace(r, pool=replace(r.pool, request=bytes(16))), ["experts.pool_of_another"]),
        (lambda r: replace(r, pool=replace(r.pool, lines=r.pool.lines[::-1])), ["experts.pool_not_sorted"]),
        (
            lambda r: replace(r, pool=replace(r.pool, lines=(r.pool.lines[0], *r.pool.lines))),
            ["experts.pool_twice"],
        ),
        (lambda r: replace(r, pool=replace(r.pool, avoided=(bytes(31),))), ["experts.tie_malformed"]),
        (lambda r: replace(r, pool=replace(r.pool, avoided=(b"b" * 32, b"a" * 32))), ["experts.pool_not_sorted"]),
        (lambda r: replace(r, request=replace(r.request, needs=())), ["experts.request_malformed"]),
        (
            lambda r: replace(r, request=replace(r.request, needs=(Need("A08", 1), Need("A08", 1)))),
            ["experts.request_malformed"],
        ),
        (lambda r: replace(r, request=replace(r.request, needs=(Need("A08", 0),))), ["experts.request_malformed"]),
    ],
)
def test_a_touched_record_is_refused(touch: Callable[[DrawRecord], DrawRecord], codes: list[str]) -> None:
    touched = touch(RECORD)
    assert [reason.code for reason in record_blockers(touched)] == codes
    with pytest.raises(Refused) as refusal:
        recompute(touched)
    assert refusal.value.codes == codes


def test_what_a_record_alone_cannot_show_changes_the_published_root() -> None:
    # A line taken out, or a request changed, still makes a lawful record: the entries of root and digest catch it.
    assert record_blockers(other_pool(RECORD)) == []
    assert pool_root(other_pool(RECORD).pool) != pool_root(RECORD.pool)
    assert request_digest(replace(REQUEST, lot="HK-2026-001/2")) != request_digest(REQUEST)


def test_one_from_each_employer() -> None:
    # Ten experts at one firm and nine alone: one of the ten at most.
    crowd = [line(number, firm=0) for number in range(10)] + [line(number) for number in range(10, 19)]
    for number in range(20):
        result = recompute(drawn(crowd, number))
        taken = [code for code in [*(seat.code for seat in result.seats), *result.reserves] if code < "e010"]
        assert len(taken) <= 1
        assert len(result.seats) == 5


def test_everybody_left_out_has_the_reasons() -> None:
    lines = [
        *TWENTY,
        line(20, firm=99),
        line(21, ties=("firm099",)),
        line(22, "B01"),
        line(23, unfit="suspended"),
        line(24, "B01", firm=99, unfit="busy"),
    ]
    result = recompute(drawn(lines, avoided=("firm099",)))
    assert result.excluded == {
        "e020": (AVOIDED,),
        "e021": (AVOIDED,),
        "e022": (NO_SPECIALITY,),
        "e023": ("suspended",),
        "e024": ("busy", AVOIDED, NO_SPECIALITY),
    }
    assert sorted(result.order) == [one.code for one in TWENTY]
    assert {word for words in result.excluded.values() for word in words} <= set(EXCLUSIONS)


def test_each_speciality_gets_its_seats() -> None:
    request = replace(REQUEST, needs=(Need("A08", 3), Need("C02", 2)))
    lines = [line(number, *(("A08",), ("C02",), ("C02", "A08"))[number % 3]) for number in range(15)]
    by_code = {one.code: one for one in lines}
    for number in range(20):
        result = recompute(drawn(lines, number, request))
        assert Counter(seat.speciality for seat in result.seats) == {"A08": 3, "C02": 2}
        assert all(seat.speciality in by_code[seat.code].specialities for seat in result.seats)
        assert len(result.reserves) == 3


def test_a_pool_too_small_is_refused() -> None:
    lines = [line(number, firm=number % 4) for number in range(12)]  # four employers for five seats
    with pytest.raises(Refused) as refusal:
        recompute(drawn(lines))
    assert [(reason.code, reason.facts) for reason in refusal.value.reasons] == [
        ("experts.pool_too_small", {"left": "1", "speciality": "A08"})
    ]


def test_a_pool_without_spares_has_fewer_reserves() -> None:
    assert len(recompute(drawn(TWENTY[:6])).reserves) == 1


def test_small_pools_are_warned_of() -> None:
    assert pool_warnings(REQUEST, frozen(REQUEST, TWENTY[:15], [])) == []
    warnings = pool_warnings(REQUEST, frozen(REQUEST, TWENTY[:14], []))
    assert [(reason.code, reason.facts) for reason in warnings] == [
        ("experts.pool_predictable", {"candidates": "14", "count": "5", "speciality": "A08"})
    ]


def test_replacements_continue_the_same_order() -> None:
    result = recompute(RECORD)
    seats, gone = list(result.seats), set[str]()
    for turn in range(3):
        leaving = seats[turn]
        gone.add(leaving.code)
        seats[turn] = replacement(RECORD, seats, frozenset(gone), leaving)
    assert [seat.code for seat in seats] == [*result.order[5:8], *result.order[3:5]]
    assert tuple(result.order[5:8]) == result.reserves


def test_a_replacement_keeps_to_speciality_and_employers() -> None:
    request = replace(REQUEST, needs=(Need("A08", 1), Need("C02", 1)))
    lines = [line(1, "A08"), line(2, "C02"), line(3, "A08", firm=2), line(4, "C02"), line(5, "A08")]
    for number in range(10):
        record = drawn(lines, number, request)
        seats = recompute(record).seats
        civil = next(seat for seat in seats if seat.speciality == "A08")
        other = next(seat for seat in seats if seat.speciality == "C02")
        found = replacement(record, seats, frozenset({civil.code}), civil)
        allowed = {"e001", "e005"} | ({"e003"} if other.code != "e002" else set())
        assert found.speciality == "A08"
        assert found.code in allowed - {civil.code}


def test_an_exhausted_pool_is_refused() -> None:
    record = drawn(TWENTY[:5])
    seats = recompute(record).seats
    with pytest.raises(Refused) as refusal:
        replacement(record, seats, frozenset(), seats[0])
    assert refusal.value.codes == ["experts.pool_exhausted"]


@given(st.permutations(TWENTY), st.integers(0, 10**6))
def test_the_order_of_the_register_changes_nothing(lines: list[Line], number: int) -> None:
    assert drawn(lines, number) == drawn(TWENTY, number)
    assert recompute(drawn(lines, number)) == recompute(drawn(TWENTY, number))


@given(st.integers(0, 10**6), st.integers(0, 2), st.integers(0, 255))
def test_each_party_alone_can_change_the_order(number: int, party: int, bit: int) -> None:
    seeds = list(seeds_of(number))
    flipped = bytearray(seeds[party])
    flipped[bit // 8] ^= 1 << bit % 8
    seeds[party] = bytes(flipped)
    changed = DrawRecord(REQUEST, commitments(REQUEST, tuple(seeds)), RECORD.pool, tuple(seeds))
    assert final_seed(changed) != final_seed(drawn(TWENTY, number))
    assert record_blockers(replace(changed, commitments=commitments(REQUEST, seeds_of(number)))) != []


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 10**6))
def test_seats_and_reserves_are_the_first_that_fit(numbers: set[int], number: int) -> None:
    lines = [line(one, firm=one % 13) for one in numbers]
    request = replace(REQUEST, needs=(Need("A08", min(3, len({one % 13 for one in numbers}))),))
    record = drawn(lines, number, request, avoided=("firm099",))
    result = recompute(record)
    employers = {one.code: one.employer for one in lines}
    firsts = [next(group) for _firm, group in itertools.groupby(_by_first_seen(result.order, employers), employers.get)]
    taken = [seat.code for seat in result.seats] + list(result.reserves)
    assert taken == firsts[: request.seats + request.reserves]
    assert exclusions(request, record.pool) == {}


def _by_first_seen(order: tuple[str, ...], employers: dict[str, bytes]) -> list[str]:
    """The order with the colleagues of each expert moved right behind the first of them."""
    firms = list(dict.fromkeys(employers[code] for code in order))
    return sorted(order, key=lambda code: firms.index(employers[code]))


def chi_square(counts: Counter[str], codes: list[str], expected: int) -> int:
    """Sum of (count - expected)^2 / expected, cut to a whole number."""
    return sum((counts[code] - expected) ** 2 for code in codes) // expected


def test_every_expert_is_drawn_alike_often() -> None:
    # 2,000 draws of 5 out of 20: 500 each. 43.8 is the 0.1 % point of chi-square with 19 degrees of freedom, and
    # drawing without putting back spreads less. The seeds are fixed, so this passes or fails for ever.
    codes = [one.code for one in TWENTY]
    firsts: Counter[str] = Counter()
    seated: Counter[str] = Counter()
    for number in range(2000):
        order = order_of(sha256(f"draw {number}".encode()).digest(), codes)
        firsts[order[0]] += 1
        seated.update(order[:5])
    assert chi_square(seated, codes, 500) < 43
    assert chi_square(firsts, codes, 100) < 43


def test_every_pair_is_drawn_alike_often() -> None:
    # 2,000 draws of 5 out of 10: each of 45 pairs 2000 x (5 x 4) / (10 x 9) = 444 times; 78.7 is the 0.1 % point at 44.
    codes = [one.code for one in TWENTY[:10]]
    pairs: Counter[str] = Counter()
    for number in range(2000):
        order = order_of(sha256(f"pair {number}".encode()).digest(), codes)
        pairs.update("+".join(pair) for pair in itertools.combinations(sorted(order[:5]), 2))
    assert chi_square(pairs, ["+".join(pair) for pair in itertools.combinations(codes, 2)], 444) < 78
