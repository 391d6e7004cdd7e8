"""The outage formula (promises.md, P9): worked cases, and properties over intervals."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.outage import Moved, Outage, Rule, moved, rule_of, uncovered

NINE = datetime.fromisoformat("2026-03-24T09:00:00+08:00")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RULE = Rule()
FIGURES = ["120", "120", "120", "180", "1440", "1500"]

spans = st.integers(0, 5 * 24 * 3600 * 10**6).map(lambda count: timedelta(microseconds=count))
instants = spans.map(lambda span: NINE + span)
outages = st.tuples(instants, spans).map(lambda pair: Outage(pair[0], pair[0] + pair[1]))


def after(deadline: datetime, outage: Outage) -> datetime:
    """The closing that holds after the outage."""
    found = moved(deadline, outage, RULE)
    return found.closing if found else deadline


@pytest.mark.parametrize(
    ("deadline", "begin", "end", "closing", "opening"),
    [
        # In the outage: recovery + 2 h, opening + 3 h.
        (NINE, NINE - HOUR, NINE + HOUR, NINE + 3 * HOUR, NINE + 4 * HOUR),
        (NINE, NINE, NINE + MINUTE, NINE + 2 * HOUR + MINUTE, NINE + 3 * HOUR + MINUTE),
        (NINE, NINE - HOUR, NINE, NINE + 2 * HOUR, NINE + 3 * HOUR),
        # Within two hours after the recovery: two hours more.
        (NINE, NINE - 2 * HOUR, NINE - HOUR, NINE + 2 * HOUR, NINE + 3 * HOUR),
        (NINE, NINE - 3 * HOUR, NINE - 2 * HOUR, NINE + 2 * HOUR, NINE + 3 * HOUR),
        # An outage of more than two hours: a day.
        (NINE, NINE - HOUR, NINE + HOUR + MINUTE, NINE + 25 * HOUR + MINUTE, NINE + 26 * HOUR + MINUTE),
        (NINE, NINE - 4 * HOUR, NINE - HOUR, NINE + 24 * HOUR, NINE + 25 * HOUR),
    ],
)
def test_worked_cases(deadline: datetime, begin: datetime, end: datetime, closing: datetime, opening: datetime) -> None:
    assert moved(deadline, Outage(begin, end), RULE) == Moved(closing, opening)


@pytest.mark.parametrize(
    ("begin", "end"),
    [(NINE + timedelta(microseconds=1), NINE + HOUR), (NINE - 4 * HOUR, NINE - 2 * HOUR - timedelta(microseconds=1))],
)
def test_what_it_does_not_concern_stays(begin: datetime, end: datetime) -> None:
    assert moved(NINE, Outage(begin, end), RULE) is None


def test_a_deadline_stays_on_a_whole_second() -> None:
    found = moved(NINE, Outage(NINE, NINE + timedelta(microseconds=7)), RULE)
    assert found == Moved(NINE + 2 * HOUR + timedelta(seconds=1), NINE + 3 * HOUR + timedelta(seconds=1))


@given(instants, outages)
def test_it_never_shortens_and_gives_the_stated_time_after_recovery(deadline: datetime, outage: Outage) -> None:
    found = moved(deadline, outage, RULE)
    concerned = outage.begin <= deadline <= outage.end + 2 * HOUR
    assert (found is not None) is concerned
    if found is not None:
        given_ = 24 * HOUR if outage.end - outage.begin > 2 * HOUR else 2 * HOUR
        second = timedelta(seconds=1)
        assert given_ <= found.closing - max(deadline, outage.end) < given_ + second
        assert found.opening - found.closing == HOUR
        assert found.closing.microsecond == 0


@given(instants, instants, outages)
def test_it_is_the_same_for_all_and_keeps_the_order(one: datetime, other: datetime, outage: Outage) -> None:
    first, second = sorted([one, other])
    if moved(first, outage, RULE) and moved(second, outage, RULE):
        assert after(first, outage) <= after(second, outage)


@given(instants, outages, spans)
def test_a_longer_outage_never_gives_less(deadline: datetime, outage: Outage, more: timedelta) -> None:
    longer = Outage(outage.begin, outage.end + more)
    assert after(deadline, longer) >= after(deadline, outage)


@given(instants, outages, outages)
def test_two_outages_never_give_less_than_one(deadline: datetime, one: Outage, two: Outage) -> None:
    both = after(after(deadline, one), two)
    assert both >= after(deadline, one) >= deadline


@given(st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair)))), outages)
def test_uncovered_time_is_what_no_span_holds(rests: list[tuple[datetime, datetime]], outage: Outage) -> None:
    edges = sorted({outage.begin, outage.end, *(at for rest in rests for at in rest)})
    pieces = pairwise(edges)
    free = [
        stop - start
        for start, stop in pieces
        if outage.begin <= start and stop <= outage.end and not any(a <= start and stop <= b for a, b in rests)
    ]
    assert uncovered(outage.begin, outage.end, rests) == sum(free, timedelta(0))


def test_the_rule_is_a_setting_and_refuses_nonsense() -> None:
    assert rule_of(FIGURES) == Rule()
    assert rule_of(FIGURES).minutes == tuple(int(figure) for figure in FIGURES)
    assert rule_of(["1", "1", "1", "1", "1", "1"]).closing == MINUTE
    for bad in (FIGURES[:5], ["x", *FIGURES[1:]], ["120", "120", "0", "180", "1440", "1500"],
                ["120", "120", "120", "60", "1440", "1500"], ["120", "120", "120", "180", "60", "1500"]):  # fmt: skip
        with pytest.raises(ValueError):
            rule_of(bad)
    with pytest.raises(ValueError, match="after it begins"):
        Outage(NINE, NINE - MINUTE)
