"""What the log of requests says, and what it keeps to itself."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from structlog.testing import capture_logs

from config.requests import RequestLog


def signed_in(request: HttpRequest) -> HttpResponse:
    """A view that asks who is there, as any page with a name in its frame does."""
    vars(request)["_cached_user"] = get_user_model()(username="bob")
    return HttpResponse(status=201)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/desk?q=secret", {"path": "/desk", "user": "bob", "address": "127.0.0.1"}),
        ("/lots/sl-2026-0001-1", {"path": "/lots/sl-2026-0001-1"}),
        ("/bidding/lots/A-1/?q=secret", {"path": "/bidding/lots/A-1/"}),
    ],
)
def test_below_bidding_neither_user_nor_address_is_told(path: str, told: dict[str, str]) -> None:
    with capture_logs() as lines:
        RequestLog(signed_in)(RequestFactory().get(path))

    assert [{name: value for name, value in line.items() if name != "ms"} for line in lines] == [
        {"event": "request", "log_level": "info", "method": "GET", "status": 201} | told
    ]
