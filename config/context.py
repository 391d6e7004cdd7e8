"""Gives every template what the frame of a page needs: whether this is the demo, and where live rooms are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 Django passes it
    """`demo` (bool) and `live_origin` (like ws://127.0.0.1:8001, without a path)."""
    return {"demo": settings.SUNLIGHT_DEMO, "live_origin": settings.LIVE_ORIGIN}
