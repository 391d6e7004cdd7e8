"""The readers of the environment: a mistyped setting is named, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from config.environment import broker, database, envbool, envint, envlist, envsecret, envtext

NAME = "SUNLIGHT_TRIAL"


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)])
def test_truth_is_read(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv(NAME, text)

    assert envbool(NAME, default=not value) is value


@pytest.mark.parametrize("text", ["", "  "])
def test_empty_counts_as_absent(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)

    assert (envbool(NAME, default=True), envint(NAME, 7), envlist(NAME, ["a"])) == (True, 7, ["a"])
    assert (envtext(NAME, "x"), envsecret(NAME)) == ("x", "")


@pytest.mark.parametrize("text", ["2", "ja", "True?", "１"])
def test_truth_mistyped_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be 1 or 0"):
        envbool(NAME)


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_numbers_are_read_back(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NAME, str(number))
        assert envint(NAME, 0, least=-(10**17)) == number


@pytest.mark.parametrize("text", ["8000.0", "1e3", "٣", "0x10", "4 4", "-1", "9" * 19])
def test_numbers_mistyped_or_too_small_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a whole number of at least 0"):
        envint(NAME, 1)


def test_lists_drop_space_and_empty_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " https://a.example , ,https://b.example,")

    assert envlist(NAME, []) == ["https://a.example", "https://b.example"]


def test_a_secret_is_read_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("geheim\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "key"))

    assert envsecret(NAME) == "geheim"


@pytest.mark.parametrize(
    ("made", "said", "fault"),
    [(None, "", "cannot be read"), ("", "", "is empty"), ("geheim", "other", "are both set")],
)
def test_a_secret_that_is_not_there_or_said_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: str | None, said: str, fault: str
) -> None:
    if made is not None:
        (tmp_path / "key").write_text(made)
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "key"))
    monkeypatch.setenv(NAME, said)

    with pytest.raises(ImproperlyConfigured, match=fault):
        envsecret(NAME)


def test_sqlite_writes_ahead_locks_at_once_and_flushes() -> None:
    assert database("sqlite:////srv/a%20b/sunlight.sqlite3") == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/srv/a b/sunlight.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
    }


def test_postgresql_is_taken_apart() -> None:
    assert database("postgresql://sun:p%40ss@db.example:5433/centre") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "centre",
        "USER": "sun",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 20}},
    }


def test_postgresql_on_a_socket_is_named_by_its_folder() -> None:
    found = database("postgresql://sun@/centre?host=/run/pg")
    assert (found["USER"], found["HOST"], found["PORT"], found["NAME"]) == ("sun", "/run/pg", "", "centre")


BAD = ["postgresql://a@/b?sslmode=off", "mysql://a/b", "sqlite://", "sqlite:///", "postgresql://user:secret@host", "x"]


@pytest.mark.parametrize("url", BAD)
def test_a_database_that_is_not_named_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        database(url)

    assert "secret" not in str(refusal.value)


def test_the_broker_is_spelt_as_celery_has_it() -> None:
    assert broker("unix:///tmp/a/valkey.sock") == "redis+socket:///tmp/a/valkey.sock"
    assert broker("redis://r.example:6379/1") == "redis://r.example:6379/1"
    with pytest.raises(ImproperlyConfigured):
        broker("amqp://r.example")
