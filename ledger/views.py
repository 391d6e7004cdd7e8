"""Serves the log to everybody: the last checkpoint, tiles that never change, who stands witness, timestamps over
checkpoints; takes cosignatures.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ledger import clock, dating, note, objects, tiles
from ledger.acts import COSIGN, LOG_READ
from ledger.candidate import candidate
from ledger.errors import Absent, Broken, Reason, Refused, _
from ledger.models import CheckpointRow, CheckpointToken
from ledger.timestamps import REPLY
from ledger.tree import latest_checkpoint
from ledger.witness.asking import LONGEST
from ledger.witnessing import cosigned_note, log_verifier_key, quorum, standings, state, take

FOR_EVER = "public, max-age=31536000, immutable"
BYTES = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
LONGEST_SIZE = 19  # digits
SHOWN = 50  # timestamps on a page
A_MOMENT = "public, max-age=1"  # tlog-tiles: not beyond a few seconds


def _note(point: CheckpointRow | None) -> HttpResponse:
    if point is None:
        raise Http404
    return HttpResponse(cosigned_note(point), content_type=TEXT, headers={"Cache-Control": A_MOMENT})


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The newest signed checkpoint with the cosignatures it has, text."""
    return _note(latest_checkpoint())


@require_safe
def to_cosign(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The checkpoint that all witnesses are to cosign now, with the cosignatures it has, text."""
    return _note(candidate(clock.real_now()))


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
        whole = body if b"\n\n" in body else body + b"\n"  # a checkpoint and nothing beneath
        checkpoint, lines = note.text_of(whole), note.signature_lines(whole)
    except Broken:
        raise Refused(Reason("ledger.not_ours", _("That is no checkpoint of this log."))) from None
    if not lines:
        raise Refused(Reason("ledger.no_line", _("The cosignature is missing: a checkpoint alone says nothing new.")))
    take(checkpoint, lines[0])
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
    more = {"witnesses": aged, "log": log_verifier_key(), "timestamp": dating.standing(), "state": state(now)}
    return render(request, "ledger/witnesses.html", {**facts, **more})


@require_safe
def timestamps(request: HttpRequest) -> HttpResponseBase:
    """The timestamps over checkpoints, the newest first; `?before=SIZE` for those of smaller checkpoints."""
    asked = request.GET.get("before", "")
    rows = CheckpointToken.objects.order_by("-size")
    if asked.isascii() and asked.isdecimal() and len(asked) < LONGEST_SIZE:
        rows = rows.filter(size__lt=int(asked))
    shown = list(rows.values("size", "at")[:SHOWN])
    facts = {"timestamps": shown, "before": shown[-1]["size"] if len(shown) == SHOWN else None}
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(facts)
    return render(request, "ledger/timestamps.html", {**facts, "newest": dating.standing()})


@require_safe
def timestamp(request: HttpRequest, size: int) -> HttpResponseBase:  # noqa: ARG001
    """The authority's whole answer over the checkpoint of `size`, DER."""
    token = get_object_or_404(CheckpointToken, size=size)
    return HttpResponse(bytes(token.token), content_type=REPLY, headers={"Cache-Control": FOR_EVER})


@require_safe
def timestamped(request: HttpRequest, size: int) -> HttpResponseBase:  # noqa: ARG001
    """The signed checkpoint that it is over, without cosignatures: the very bytes."""
    get_object_or_404(CheckpointToken, size=size)
    return HttpResponse(dating.signed_note(size), content_type=TEXT, headers={"Cache-Control": FOR_EVER})


checkpoint.act_name = tile.act_name = witnesses.act_name = to_cosign.act_name = LOG_READ  # type: ignore[attr-defined]
timestamps.act_name = timestamp.act_name = timestamped.act_name = LOG_READ  # type: ignore[attr-defined]
cosignatures.act_name = COSIGN  # type: ignore[attr-defined]
