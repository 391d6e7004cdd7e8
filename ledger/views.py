"""Serves the log to everybody: the last checkpoint, and tiles that never change."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.views.decorators.http import require_safe

from ledger import objects, tiles
from ledger.acts import LOG_READ
from ledger.errors import Absent, Broken
from ledger.tree import latest_checkpoint

FOR_EVER = "public, max-age=31536000, immutable"
BYTES = "application/octet-stream"
A_MOMENT = "public, max-age=1"  # tlog-tiles: not beyond a few seconds


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The newest signed checkpoint, text."""
    last = latest_checkpoint()
    if last is None:
        raise Http404
    answer = HttpResponse(bytes(last.note), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = A_MOMENT
    return answer


def _gzipped(request: HttpRequest, answer: HttpResponse) -> HttpResponseBase:
    """The answer compressed, for whoever accepts that (tlog-tiles: bundles should be)."""
    return GZipMiddleware(lambda _request: answer)(request)


@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponseBase:
    """A hash tile or an entry bundle, bytes that never change."""
    try:
        level, _number, _width = tiles.parse_path(f"tile/{rest}")
        file = objects.store().open(f"log/tile/{rest}")
    except (Absent, Broken):
        raise Http404 from None
    headers = {"Cache-Control": FOR_EVER}
    if level != "entries":
        return FileResponse(file, content_type=BYTES, headers=headers)
    with file:
        return _gzipped(request, HttpResponse(file.read(), content_type=BYTES, headers=headers))


checkpoint.act_name = tile.act_name = LOG_READ  # type: ignore[attr-defined]
