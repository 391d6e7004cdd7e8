"""What a log file holds: a time or a person, never both, and no value of a variable."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from django.conf import settings

from config.logs import VISITS, logging_setting


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    logging.config.dictConfig(logging_setting(tmp_path, "web"))
    yield tmp_path
    logging.config.dictConfig(settings.LOGGING)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_has_a_time_or_a_person(folder: Path) -> None:
    structlog.get_logger("sunlight.request").info("request", path="/bidding/lots/a/")
    structlog.get_logger(VISITS).info("request", path="/", user="bob", address="192.0.2.7")
    (when,), (who,) = lines(folder / "web.jsonl"), lines(folder / "web-visits.jsonl")
    assert {"user", "address"} & set(when) == set()
    assert len(str(when["timestamp"])) > len("2026-01-01T00:00:00")
    assert (who["user"], who["address"]) == ("bob", "192.0.2.7")
    assert len(str(who["timestamp"])) == len("2026-01-01")


def fail(share: str) -> None:
    raise ValueError(len(share))


def test_an_error_is_told_without_the_values_of_variables(folder: Path) -> None:
    try:
        fail("5ec4e7" * 3)
    except ValueError:
        structlog.get_logger("sunlight.bidding").exception("it failed")
        logging.getLogger("celery").exception("it failed there too")
    text = (folder / "web.jsonl").read_text()
    assert text.count("ValueError") == 2
    assert "fail" in text
    assert "5ec4e7" not in text
