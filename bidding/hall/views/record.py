"""The record of an opening and what hangs on it: page, bytes, signatures, bid list; and the opened files, by right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from bidding.hall import bid_list
from bidding.hall.entering import hall_of, require_hall
from bidding.hall.reading import require_readout
from bidding.hall.record import record_bytes
from bidding.hall.record_page import record_context
from bidding.hall.views.hall import asker
from bidding.opening import bids
from ledger import clock
from trading.access import absent, access_lot
from trading.doors import page, wants_json
from trading.models import Lot

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = "application/octet-stream"


def _file(data: bytes | str, name: str, kind: str) -> HttpResponse:
    head = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return HttpResponse(data, content_type=kind, headers=head)


def _opened(request: HttpRequest, lot: str) -> Lot:
    """The lot, if it ever had a hall: one that failed for want of bids has no record."""
    row = access_lot("bidding:record:view", asker(request), lot)
    if hall_of(row) is None:
        raise absent()
    return row


@page("bidding:record:view")
def record_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The opening record: what will be signed, objections and answers, signatures."""
    row = _opened(request, lot)
    return render(request, "bidding/hall_record.html", record_context(row, asker(request), clock.now()))


@page("bidding:record:view")
def record_file(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The canonical bytes that host and witness sign."""
    data = record_bytes(_opened(request, lot))
    return _file(data, f"{lot}-record.bin", BINARY)


@page("bidding:record:view")
def record_signature(request: HttpRequest, lot: str, part: str) -> HttpResponseBase:
    """A signature over the record, for `openssl cms -verify`."""
    hall = require_hall(_opened(request, lot))
    found = hall.signatures.filter(part=part).first()
    if found is None:
        raise absent()
    return _file(bytes(found.signature), f"{lot}-{part}.p7s", "application/pkcs7-signature")


@page("bidding:record:view")
def bid_list_xlsx(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The bid list as a spreadsheet."""
    row = _opened(request, lot)
    return _file(bid_list.as_xlsx(row, require_readout(row)), f"{lot}-bids.xlsx", XLSX)


@page("bidding:record:view")
def bid_list_csv(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The bid list as CSV."""
    row = _opened(request, lot)
    return _file(bid_list.as_csv(require_readout(row)), f"{lot}-bids.csv", "text/csv; charset=utf-8")


@page("bidding:bid:read")
def opened_bids(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The opened bids with their files, for machines and for people."""
    row = access_lot("bidding:bid:read", asker(request), lot)
    found = bids.opened_bids(row, asker(request))
    if wants_json(request):
        return JsonResponse({"bids": [bids.facts_of(one) for one in found]})
    return render(request, "bidding/hall_bids.html", {"lot": row, "bids": found})


@page("bidding:bid:read")
def bid_file(request: HttpRequest, lot: str, bid: str, name: str) -> HttpResponseBase:
    """A file of an opened bid."""
    row = access_lot("bidding:bid:read", asker(request), lot)
    blocks = bids.file_blocks(row, bid, name, asker(request))
    head = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return StreamingHttpResponse(blocks, content_type=BINARY, headers=head)
