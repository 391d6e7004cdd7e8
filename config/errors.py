"""Maps the one family of errors to answers, once for all pages and API calls.

An address with a NUL in it names nothing: PostgreSQL, which takes none in a text, would end the question with an error.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ledger.errors import Broken, SunlightError
from trading.access import absent
from trading.doors import answer_problem

log = structlog.get_logger("sunlight.errors")


class Errors:
    """Middleware: `Refused`, `Conflict`, `Broken` become pages or problem+json; `Broken` is told to the operators."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as usual, unless the address can be of nothing."""
        words = (request.path_info, request.META.get("QUERY_STRING", "").replace("%00", "\0"))
        return answer_problem(request, absent()) if any("\0" in one for one in words) else self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of ours; leave others to Django."""
        if not isinstance(error, SunlightError):
            return None
        if isinstance(error, Broken):
            log.error("broken", path=request.path, what=str(error))
        return answer_problem(request, error)
