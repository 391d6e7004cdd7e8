"""Writes one log line a request: below `SEALED_PATHS` the time, but neither who asked nor from where; else the reverse.

Who looks at a lot before its deadline is itself a secret (sealing.md, "nobody sees how many"): the operator's log
must not be the place to read it, and two lines side by side must not tell it either (config.logs).
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from config.logs import VISITS

logger = structlog.get_logger("sunlight.request")
visits = structlog.get_logger(VISITS)

# Whoever looks at a tender, a lot or its papers may be about to bid, too.
SEALED_PATHS = ("/bidding/", "/tenders/", "/lots/", "/papers/", "/notices/", "/experts/", "/evaluation/")


class RequestLog:
    """Middleware: method, path without query, status, milliseconds; user and address where they are no secret."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then write the line."""
        began = time.monotonic()
        response = self.answer(request)
        facts: dict[str, object] = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.monotonic() - began) * 1000),
        }
        if request.path.startswith(SEALED_PATHS):
            logger.info("request", **facts)
        else:
            visits.info("request", user=_name(request), address=request.META.get("REMOTE_ADDR", ""), **facts)
        return response


def _name(request: HttpRequest) -> str:
    """The account's name, only if the view already asked for it: a log line is no reason to read the session."""
    user = getattr(request, "_cached_user", None)
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
