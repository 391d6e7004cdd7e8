"""The door of the live rooms: full origins only, no pages, no room that is not there."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from asgiref import testing

from config.asgi import NO_SUCH_ROOM, application

HOUSE = b"http://127.0.0.1:8000"


Communicator: Any = testing.ApplicationCommunicator  # asgiref leaves its methods without types


def answer(scope: dict[str, Any], first: dict[str, Any]) -> dict[str, Any]:
    """The first message that the application sends after `first`."""

    async def talk() -> dict[str, Any]:
        line = Communicator(application, {"headers": [], "query_string": b"", **scope})
        await line.send_input(first)
        said: dict[str, Any] = await line.receive_output(5)
        return said

    return asyncio.run(talk())


def knock(*origins: bytes) -> dict[str, Any]:
    headers = [(b"origin", origin) for origin in origins]
    line = {"type": "websocket", "path": "/live/no/such/room/", "headers": headers}
    return answer(line, {"type": "websocket.connect"})


def test_a_client_of_the_house_is_let_in_and_told_that_there_is_no_such_room() -> None:
    assert knock(HOUSE) == {"type": "websocket.close", "code": NO_SUCH_ROOM}


def test_a_scope_that_nobody_knows_hears_nothing_and_is_let_in_like_any_other() -> None:
    line = {"type": "websocket", "path": "/live/sl-2026-0001/", "headers": [(b"origin", HOUSE)]}
    assert answer(line, {"type": "websocket.connect"})["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "origins",
    [[], [b"http://127.0.0.1:8002"], [b"https://127.0.0.1:8000"], [b"http://evil.example"], [b"null"]],
)
def test_other_origins_and_none_are_turned_away(origins: list[bytes]) -> None:
    refusal = knock(*origins)

    assert refusal["type"] == "websocket.close"
    assert refusal.get("code") != NO_SUCH_ROOM


@pytest.mark.parametrize(("path", "status"), [("/health", 200), ("/", 404), ("/accounts/login/", 404)])
def test_plain_http_finds_health_and_no_page(path: str, status: int) -> None:
    scope = {"type": "http", "path": path, "method": "GET"}

    assert answer(scope, {"type": "http.request", "body": b""})["status"] == status


def test_the_live_process_knows_every_door_by_itself() -> None:
    """In a process of its own: here the pages have been loaded by other tests, there nobody loads them."""
    script = """
import config.asgi
from trading.doors import DOORS
alone = sorted(DOORS)
from django.urls import get_resolver
get_resolver().url_patterns
print(len(alone) > 40, alone == sorted(DOORS))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["True True"], done.stderr


def talk(*texts: str | bytes) -> list[dict[str, Any]]:
    """What the room of a lot answers to these messages, from somebody who is not signed in."""

    async def talk() -> list[dict[str, Any]]:
        scope = {
            "type": "websocket",
            "path": "/live/sl-2026-0001-1/",
            "query_string": b"",
            "headers": [(b"origin", HOUSE)],
        }
        line = Communicator(application, scope)
        await line.send_input({"type": "websocket.connect"})
        await line.receive_output(5)
        said = []
        for text in texts:
            key = "bytes" if isinstance(text, bytes) else "text"
            await line.send_input({"type": "websocket.receive", key: text})
            said.append(json.loads((await line.receive_output(5))["text"]))
        return said

    return asyncio.run(talk())


@pytest.mark.django_db(transaction=True)
def test_what_is_no_command_is_answered_and_the_line_stays_open() -> None:
    bad: list[str | bytes] = ["no json", "[1]", "null", "[" * 30_000, b"bytes", '{"id": 1e999']
    good = '{"id": 7, "act": "trading:party:register", "form": {"credit_code": "x", "name": "y"}}'
    nothing = ['{"id": 8, "act": "no:such:act"}', '{"id": 9, "act": "trading:party:register", "path": {"lot": 5}}']
    said = talk(*bad, good, *nothing)
    assert [[one["code"] for one in answer["problem"]["reasons"]] for answer in said] == [
        *[["form.not_json"]] * 6, ["rights.role"], ["form.no_such_act"], ["form.no_such_act"],
    ]  # fmt: skip
    assert [answer["id"] for answer in said] == [None] * 6 + [7, 8, 9]
