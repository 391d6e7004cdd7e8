"""Errors at the edge: what an address may not hold is answered before anybody looks for it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.errors import Errors


def passed(_request: HttpRequest) -> HttpResponse:
    """A view that was reached."""
    return HttpResponse(status=204)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/notices/a", 204), ("/notices/a?q=b", 204), ("/notices?q=%2500", 204),
        ("/notices/%00", 404), ("/notices/a?q=b%00", 404), ("/notices/a?%00=b", 404),
    ],
)  # fmt: skip
def test_an_address_with_a_nul_in_it_names_nothing(address: str, status: int) -> None:
    request = RequestFactory().get(address, headers={"accept": "application/json"})
    request.user = AnonymousUser()
    assert Errors(passed)(request).status_code == status
