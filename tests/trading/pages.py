"""Asks for pages in tests: as a person in a language, or as a machine."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

JSON = {"accept": "application/json"}


def read(client: Client, path: str, language: str = "zh-hans", status: int = 200) -> str:
    """The page at `path` as text."""
    client.cookies["sunlight_language"] = language
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def ask(client: Client, path: str, status: int = 200) -> Any:
    """What a machine gets at `path`."""
    answer = client.get(path, headers=JSON)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.json()


def send(client: Client, path: str, status: int = 200, **fields: object) -> Any:
    """What a machine gets for sending `fields`."""
    answer = client.post(path, fields, content_type="application/json", headers=JSON)
    assert answer.status_code == status, (path, answer.status_code, answer.content)
    return answer.json()


def codes(problem: Any) -> list[str]:
    """The codes of a refusal."""
    return [reason["code"] for reason in problem["reasons"]]


def queries(client: Client, path: str) -> int:
    """How many queries the page at `path` takes."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)
