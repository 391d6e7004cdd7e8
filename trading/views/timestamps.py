"""The built-in timestamp authority over HTTP (RFC 3161, 3.4), for whoever wants a timestamp of this house."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from ledger import timestamps
from trading import timestamping


@csrf_exempt  # it changes nothing, and asks nobody who they are
def tsa(request: HttpRequest) -> HttpResponseBase:
    """POST a TimeStampReq, get a TimeStampResp."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if request.content_type != timestamps.QUERY:
        return HttpResponse(status=415)
    return HttpResponse(timestamping.answer(request.read(timestamps.LONGEST)), content_type=timestamps.REPLY)


tsa.act_name = "trading:timestamp:ask"  # type: ignore[attr-defined]
