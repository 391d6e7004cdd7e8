"""Names in the cache tell nothing without the secret."""

from __future__ import annotations

from pytest_django.fixtures import Settings

from config.cache_keys import hidden


def test_a_key_says_nothing_and_differs_by_name_version_and_secret(settings: Settings) -> None:
    one = hidden("allauth:rl:login:ip:192.0.2.7", "sunlight", 1)
    assert one.startswith("sunlight:")
    assert "192.0.2.7" not in one
    assert len({one, hidden("allauth:rl:login:ip:192.0.2.8", "sunlight", 1), hidden("x", "sunlight", 2)}) == 3
    settings.SECRET_KEY = "another secret of this house"
    assert hidden("allauth:rl:login:ip:192.0.2.7", "sunlight", 1) != one
