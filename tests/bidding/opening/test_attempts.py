"""One worker at a time, not for ever, and no blame for a file when the house is at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from django.core.cache import cache

from bidding.models import Attempt, Bid
from bidding.models.attempts import BROKEN, DONE, PUT_OFF, RUNNING
from bidding.models.opening import FAILED, OPENED, WAITING
from bidding.opening.attempts import LEASE, MOST, is_over, this_worker, try_to_open
from bidding.opening.due import send
from bidding.opening.resting import Heard, silence
from config import celery  # noqa: F401 tasks go through the current application: this one
from ledger import clock
from tests.bidding.full_hall import Hall
from tests.world import World

ELSEWHERE = "another-machine/1/1"


@contextmanager
def freely() -> Iterator[Heard]:
    yield silence


def full_disk() -> AbstractContextManager[Heard]:
    raise OSError(28, "No space left on device")


def too_much() -> AbstractContextManager[Heard]:
    raise MemoryError


@pytest.fixture
def bid(world: World) -> Bid:
    """The first of three envelopes that may be opened."""
    hall = Hall(world)
    for number in (1, 2, 3):
        hall.submit(number)
    hall.count()
    hall.open()
    hall.release("a")
    hall.release("c")
    cache.clear()
    return Bid.objects.select_related("lot__tender").get(number=1)


def states(bid: Bid) -> list[str]:
    return list(Attempt.objects.filter(bid=bid).order_by("number").values_list("state", flat=True))


def test_an_attempt_that_succeeds_is_done_and_needs_no_second(bid: Bid) -> None:
    assert try_to_open(bid.code, freely).state == OPENED
    assert try_to_open(bid.code, freely).state == OPENED
    assert states(bid) == [DONE]


def test_a_full_disk_is_no_fault_of_the_file(bid: Bid) -> None:
    for _time in range(MOST + 1):
        with pytest.raises(OSError, match="No space"):
            try_to_open(bid.code, full_disk)
    assert states(bid) == [PUT_OFF] * (MOST + 1)
    assert try_to_open(bid.code, freely).state == OPENED


def test_what_grows_without_end_is_given_up_with_its_reason(bid: Bid) -> None:
    for _time in range(MOST):
        with pytest.raises(MemoryError):
            try_to_open(bid.code, too_much)
    found = try_to_open(bid.code, too_much)
    assert (found.state, found.reason, found.side) == (FAILED, "bidding.opening_broke_off", "other")
    assert states(bid) == [BROKEN] * MOST + [DONE]


@pytest.mark.parametrize(
    ("worker", "silent", "over"),
    [
        (lambda: ELSEWHERE, timedelta(0), False),
        (lambda: ELSEWHERE, LEASE + timedelta(seconds=1), True),
        (this_worker, timedelta(0), False),
        (lambda: this_worker() + "0", timedelta(0), True),  # here, and such a process does not run
    ],
    ids=["elsewhere", "elsewhere and silent", "here", "here and gone"],
)
def test_a_worker_is_gone_when_it_is_silent_or_does_not_run(
    bid: Bid, worker: Callable[[], str], silent: timedelta, *, over: bool
) -> None:
    now = clock.real_now()
    attempt = Attempt.objects.create(bid=bid, number=1, worker=worker(), beat=now - silent)
    assert is_over(attempt, now) is over
    assert try_to_open(bid.code, freely).state == (OPENED if over else WAITING)
    assert states(bid) == ([RUNNING, DONE] if over else [RUNNING])


def test_an_envelope_is_sent_again_when_its_attempt_broke_and_not_while_one_runs(bid: Bid) -> None:
    assert send(bid.lot) == 3
    assert send(bid.lot) == 0
    attempt = Attempt.objects.create(bid=bid, number=1, worker=this_worker(), beat=clock.real_now())
    assert send(bid.lot) == 0
    Attempt.objects.filter(pk=attempt.pk).update(state=BROKEN)
    assert send(bid.lot) == 1
    Attempt.objects.filter(pk=attempt.pk).update(state=PUT_OFF)
    assert send(bid.lot) == 0  # not before its patience is over
