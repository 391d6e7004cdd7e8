"""Serves the log to everybody: the last checkpoint, tiles that never change, who stands witness; takes cosignatures."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ledger import clock, note, objects, tiles
from ledger.acts import COSIGN, LOG_READ
from ledger.errors import Absent, Broken, Reason, Refused, _
from ledger.tree import latest_checkpoint
from ledger.witness.asking import LONGEST
from ledger.witnessing import cosigned_note, log_verifier_key, quorum, standings, take

FOR_EVER = "public, max-age=31536000, immutable"
BYTES = "application/octet-stream"
A_MOMENT = "public, max-age=1"  # tlog-tiles: not beyond a few seconds


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The newest signed checkpoint with the cosignatures it has, text."""
    last = latest_checkpoint()
    if last is None:
        raise Http404
    answer = HttpResponse(cosigned_note(last), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = A_MOMENT
    return answer


def _gzipped(request: HttpRequest, answer: HttpResponse) -> HttpResponseBase:
    """The answer compressed, for whoever accepts that (tlog-tiles: bundles should be)."""
    return GZipMiddleware(lambda _request: answer).process_response(request, answer)


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


@csrf_exempt  # a witness has no session here; the line itself proves who made it
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponseBase:
    """Take a cosignature handed in: the checkpoint's text, an empty line, the witness's line. 204, or the refusal."""
    try:
        body = request.body if int(request.headers.get("Content-Length") or 0) <= LONGEST else b""
        checkpoint, lines = note.text_of(body), note.signature_lines(body)
    except Broken:
        raise Refused(Reason("ledger.not_ours", _("That is no checkpoint of this log."))) from None
    for line in lines[:1]:
        take(checkpoint, line)
    return HttpResponse(status=204)


@require_safe
def witnesses(request: HttpRequest) -> HttpResponseBase:
    """Who stands witness to this log, up to where, and how long ago."""
    point, last, now = quorum(), latest_checkpoint(), clock.real_now()
    rows = standings()
    facts = {"cosigned": point.size if point else None, "size": last.size if last else 0, "witnesses": rows}
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(facts)
    aged = [{**row, "age": now - row["at"] if row["at"] else None} for row in rows]
    return render(request, "ledger/witnesses.html", {**facts, "witnesses": aged, "log": log_verifier_key()})


checkpoint.act_name = tile.act_name = witnesses.act_name = LOG_READ  # type: ignore[attr-defined]
cosignatures.act_name = COSIGN  # type: ignore[attr-defined]
