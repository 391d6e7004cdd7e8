"""One checkpoint for all witnesses: the same within ten seconds, never a smaller one, never one that starves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.test import Client

from ledger import clock
from ledger.candidate import TOGETHER, candidate
from ledger.models import CheckpointRow
from tests.ledger.test_witnessing import newest, turn_page
from tests.world import World

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def signed(size: int, at: datetime) -> None:
    """A checkpoint over `size` entries, signed at `at`; what it says matters to nobody here."""
    CheckpointRow.objects.create(size=size, note=b"", at=at, signed_at=at)


def size_at(now: datetime) -> int | None:
    """What is to be cosigned at `now`."""
    found = candidate(now)
    return found.size if found else None


@pytest.mark.django_db
def test_a_log_that_grows_each_second_has_one_candidate_for_ten_seconds() -> None:
    assert size_at(NOON) is None
    seen: dict[datetime, set[int | None]] = {}
    random, now = Random(1), NOON  # the same times in each run
    for size in range(1, 300):
        now += SECOND * random.uniform(0.2, 1.8)
        signed(size, now)
        seen.setdefault(now - (now - NOON) % TOGETHER, set()).add(size_at(now))
    assert [len(sizes) for sizes in seen.values()] == [1] * len(seen)
    followed = [size for sizes in seen.values() for size in sizes if size]
    assert followed == sorted(followed)
    assert len(set(followed)) >= len(seen) - 1


@pytest.mark.django_db
def test_the_candidate_is_the_newest_of_the_ten_seconds_before() -> None:
    signed(4, NOON + SECOND)
    signed(7, NOON + 9 * SECOND)
    assert [size_at(NOON + SECOND * n) for n in (1, 9, 9.999)] == [4, 4, 4]  # the first, where none is settled
    assert [size_at(NOON + SECOND * n) for n in (10, 15, 3600)] == [7, 7, 7]
    signed(9, NOON + 10 * SECOND)
    assert [size_at(NOON + SECOND * n) for n in (10, 19.999)] == [7, 7]
    assert [size_at(NOON + SECOND * n) for n in (20, 99_999)] == [9, 9]


@pytest.mark.django_db
def test_a_clock_that_is_put_back_keeps_nobody_waiting() -> None:
    signed(4, NOON + 3600 * SECOND)
    assert size_at(NOON) == 4
    signed(5, NOON + SECOND)
    assert [size_at(NOON + SECOND * n) for n in (1, 9, 10, 3600)] == [4, 4, 5, 5]


def test_it_is_served_apart_from_the_newest_and_not_kept_for_long(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/log/witnesses/checkpoint").status_code == 404
    turn_page(world)
    first = client.get("/log/witnesses/checkpoint")
    assert (first.content, first["Cache-Control"]) == (client.get("/log/checkpoint").content, "public, max-age=1")
    turn_page(world, 2)
    last = CheckpointRow.objects.get(size=newest().size)
    monkeypatch.setattr(clock, "real_now", lambda: last.signed_at)
    assert client.get("/log/witnesses/checkpoint").content == first.content
    assert client.get("/log/checkpoint").content == bytes(last.note)
    monkeypatch.setattr(clock, "real_now", lambda: last.signed_at + TOGETHER)
    assert client.get("/log/witnesses/checkpoint").content == bytes(last.note)
    assert client.post("/log/witnesses/checkpoint").status_code == 405
