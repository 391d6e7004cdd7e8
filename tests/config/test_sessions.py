"""What a session leaves in the database: neither who nor when, and it works."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from django.conf import settings as house
from django.contrib.sessions.models import Session
from django.core.signing import b62_encode
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from config.sessions import SessionStore, end_of_day
from tests.world import World


def test_a_session_works_and_its_row_tells_the_day_alone(world: World) -> None:
    client = Client()
    client.force_login(world.bidder(1))
    assert client.get("/").wsgi_request.user == world.bidder(1)
    (row,) = Session.objects.all()
    local = timezone.localtime(row.expire_date)
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    assert row.expire_date > timezone.now()
    assert SessionStore(row.session_key)["_auth_user_id"] == str(world.bidder(1).pk)
    assert "auth" not in row.session_data
    assert b62_encode(int(time.time()))[:4] not in row.session_data.split(":")  # Django's own would end in its time


def test_what_rests_tells_neither_content_nor_length() -> None:
    short, long = SessionStore().encode({"name": "a"}), SessionStore().encode({"name": "a" * 200})
    assert len(short) == len(long)
    assert SessionStore().encode({"name": "a"}) != short
    assert SessionStore().decode(short) == {"name": "a"}


@pytest.mark.parametrize("data", ["", "no base64!", "AAAA", "A" * 400])
def test_a_changed_session_is_empty(data: str) -> None:
    assert SessionStore().decode(data) == {}


def test_sessions_survive_a_change_of_the_secret(settings: Settings) -> None:
    sealed = SessionStore().encode({"name": "a"})
    settings.SECRET_KEY_FALLBACKS = [house.SECRET_KEY]
    settings.SECRET_KEY = "another secret of this house"
    assert SessionStore().decode(sealed) == {"name": "a"}
    settings.SECRET_KEY_FALLBACKS = []
    assert SessionStore().decode(sealed) == {}


def test_a_day_ends_at_the_next_midnight_of_the_house() -> None:
    assert end_of_day(datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)) == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert end_of_day(datetime(2026, 3, 2, 16, tzinfo=UTC)) == datetime(2026, 3, 3, 16, tzinfo=UTC)
