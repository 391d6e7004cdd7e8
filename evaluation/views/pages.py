"""Pages of evaluation: the room for its members, the progress for those around the tender, the result."""

from __future__ import annotations

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from bidding.opening.bids import file_blocks
from evaluation.models import Attendance, Room
from evaluation.offers import read_bids
from evaluation.progress_page import progress_context, progress_facts
from evaluation.reporting import report_bytes
from evaluation.result_page import points_csv, result_context, result_facts
from evaluation.room import require_seat
from evaluation.room_page import room_context, room_facts
from evaluation.rules import room_of
from evaluation.sheet import Part
from evaluation.sheet_page import sheet_context, sheet_facts
from evaluation.signing import sheet_record
from experts.models import Seat
from ledger import clock, objects
from ledger.actor import Actor
from trading.access import absent, access_lot
from trading.doors import page, wants_json

BINARY = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asker(request: HttpRequest) -> Actor:
    """Who asks, as `page` found out."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def _file(data: bytes | str, name: str, kind: str) -> HttpResponse:
    head = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return HttpResponse(data, content_type=kind, headers=head)


def _entered(request: HttpRequest, name: str, lot: str) -> tuple[Room, Seat]:
    """The room and the asker's seat in it; the same 404 for everybody else."""
    row = access_lot(name, asker(request), lot)
    room = room_of(row)
    if room is None:
        raise absent()
    return room, require_seat(row, asker(request))


@page("evaluation:room:view")
def room_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The room of a member."""
    room, seat = _entered(request, "evaluation:room:view", lot)
    if wants_json(request):
        return JsonResponse(room_facts(room, seat, asker(request)))
    return render(request, "evaluation/room.html", room_context(room, seat, asker(request)))


@page("evaluation:room:view")
def room_board(request: HttpRequest, lot: str) -> HttpResponseBase:
    """What changes at its top: the steps; `at` is the stage that the page was drawn in."""
    room, seat = _entered(request, "evaluation:room:view", lot)
    context = room_context(room, seat, asker(request))
    return render(request, "evaluation/room_board.html", {**context, "at": request.GET.get("at", "")})


@page("evaluation:room:view")
def room_panel(request: HttpRequest, lot: str) -> HttpResponseBase:
    """What changes at its foot: the seats and the log."""
    room, seat = _entered(request, "evaluation:room:view", lot)
    return render(request, "evaluation/room_panel.html", room_context(room, seat, asker(request)))


def _part(text: str) -> Part:
    if text not in set(Part):
        raise absent()
    return Part(text)


@page("evaluation:room:view")
def sheet_page(request: HttpRequest, lot: str, part: str) -> HttpResponseBase:
    """The own sheet as it would be signed, with what is missing."""
    room, seat = _entered(request, "evaluation:room:view", lot)
    if wants_json(request):
        return JsonResponse(sheet_facts(room, seat, _part(part), asker(request)))
    return render(request, "evaluation/sheet.html", sheet_context(room, seat, _part(part), asker(request)))


@page("evaluation:room:view")
def sheet_bytes(request: HttpRequest, lot: str, part: str) -> HttpResponseBase:
    """The bytes of the own sheet that the member signs."""
    room, seat = _entered(request, "evaluation:room:view", lot)
    data = sheet_record(room, seat, _part(part), read_bids(room.lot, asker(request)))
    answer = _file(data, f"{lot}-{part}.bin", BINARY)
    answer["Repr-Digest"] = f"sha-256={hashlib.sha256(data).hexdigest()}"
    return answer


@page("evaluation:bid:view")
def bid_file(request: HttpRequest, lot: str, bid: str, name: str) -> HttpResponseBase:
    """A file of an opened bid, for a member who has entered."""
    room, seat = _entered(request, "evaluation:bid:view", lot)
    if not Attendance.objects.filter(seat=seat).exists():
        raise absent()
    blocks = file_blocks(room.lot, bid, name, asker(request))
    head = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return StreamingHttpResponse(blocks, content_type=BINARY, headers=head)


def _progress(request: HttpRequest, lot: str, template: str) -> HttpResponseBase:
    row = access_lot("evaluation:progress:view", asker(request), lot)
    if wants_json(request):
        return JsonResponse(progress_facts(row))
    return render(request, template, progress_context(row, asker(request), clock.now()))


@page("evaluation:progress:view")
def progress_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The evaluation from outside."""
    return _progress(request, lot, "evaluation/progress.html")


@page("evaluation:progress:view")
def progress_board(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The part of it that changes."""
    return _progress(request, lot, "evaluation/progress_board.html")


def _done(request: HttpRequest, lot: str) -> Room:
    room = room_of(access_lot("evaluation:result:view", asker(request), lot))
    if room is None or not room.report:
        raise absent()
    return room


@page("evaluation:result:view")
def result_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The result: ranking, points, rejections, papers."""
    room = _done(request, lot)
    if wants_json(request):
        return JsonResponse(result_facts(room))
    return render(request, "evaluation/result.html", result_context(room, asker(request)))


@page("evaluation:result:view")
def report_record(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The bytes of the report that every member signs."""
    return _file(report_bytes(_done(request, lot)), f"{lot}-report.bin", BINARY)


@page("evaluation:result:view")
def report_paper(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The report as a document."""
    return _file(_stored(_done(request, lot).paper), f"{lot}-report.docx", DOCX)


@page("evaluation:result:view")
def score_table(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The points as a spreadsheet."""
    return _file(_stored(_done(request, lot).table), f"{lot}-scores.xlsx", XLSX)


@page("evaluation:result:view")
def score_csv(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The points as CSV."""
    return _file(points_csv(_done(request, lot)), f"{lot}-scores.csv", "text/csv; charset=utf-8")


def _stored(name: str) -> bytes:
    if not name:
        raise absent()
    return objects.read(name)
