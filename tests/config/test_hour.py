"""The hour of the house, as pages ask for it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from tests.world import MORNING, TestClock


def test_the_hour_is_the_house_clock_cut_to_milliseconds(client: Client, clock: TestClock) -> None:
    clock.set(MORNING + timedelta(microseconds=1999))

    answer = client.get("/clock")

    assert answer.json() == {"now": (MORNING + timedelta(milliseconds=1)).isoformat(timespec="milliseconds")}
    assert "no-store" in answer["Cache-Control"]


def test_the_hour_is_only_read(client: Client, clock: TestClock) -> None:
    assert client.post("/clock").status_code == 405
