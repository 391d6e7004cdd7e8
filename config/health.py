"""Answers whether this process can serve: the supervisor, a balancer and the tests ask it."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 Django passes it
    """200 and `well` when the database answers; anything else is the error it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("well\n", content_type="text/plain; charset=utf-8")
