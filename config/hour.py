"""Tells the hour of the house, so that a page can measure how far from it its own reading is."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ledger.clock import now


@never_cache
@require_safe
def hour(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 Django passes it
    """`{"now": "2026-03-02T01:00:00.000+00:00"}`: milliseconds, cut and not rounded."""
    return JsonResponse({"now": now().isoformat(timespec="milliseconds")})
