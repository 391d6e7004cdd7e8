"""Live rooms, halls and auctions: the ASGI application that uvicorn serves. It knows WebSockets and nothing else.

A client sends its full origin (scheme, host, port) and the session cookie; other origins, and none, are turned away.
Plain HTTP gets 404 here, pages are served by the WSGI process. `<room>.routing.websocket_urlpatterns` of each room
stand under `/live/` and the room's own prefix.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402 models exist only after setup
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from config.rooms import room_modules  # noqa: E402

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

NO_SUCH_ROOM = 4404


async def no_room(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 the signature is ASGI's
    """Close a socket that asks for a room that is not there."""
    await send({"type": "websocket.close", "code": NO_SUCH_ROOM})


async def no_page(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Answer plain HTTP with 404, but `/health` with 200: supervisor and balancer ask it."""
    well = scope["path"] == "/health"
    head = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200 if well else 404, "headers": head})
    await send({"type": "http.response.body", "body": b"live\n" if well else b"pages are served elsewhere\n"})


room_modules("urls")  # the views register the doors, by which commands over sockets come in too
_nowhere = re_path("", no_room)  # type: ignore[arg-type] # an ASGI application, as Channels wants it
_rooms = [
    path(f"live/{prefix}", URLRouter([*module.websocket_urlpatterns, _nowhere]))
    for prefix, module in sorted(room_modules("routing"), key=lambda found: -len(found[0]))
]
application = ProtocolTypeRouter(
    {
        "http": no_page,
        "websocket": OriginValidator(AuthMiddlewareStack(URLRouter([*_rooms, _nowhere])), settings.SITE_ORIGINS),
    }
)
