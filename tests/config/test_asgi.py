"""The door of the live rooms: full origins only, no pages, no room that is not there."""

from __future__ import annotations

import asyncio
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
