"""The tus 1.0 endpoint: the body of a request is read as it comes, from the WSGI stream.

Enters: POST, HEAD, PATCH, DELETE, OPTIONS below /bidding/tus/. Leaves: tus answers; the receipt is asked for by
id. What is refused is refused with a signed record of the refusal inside the problem+json.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse

from bidding.models import Refusal, Upload
from bidding.submission import submitting as submission
from bidding.submission.receipts import Answer, as_file
from bidding.submission.refusing import reasons_of, refuse_arriving, refuse_late
from bidding.uploads import arrival, tus
from bidding.uploads import uploading as uploads
from ledger import clock
from ledger.actor import NOBODY, Actor
from ledger.errors import Reason, Refused, _
from trading.access import absent, access_lot
from trading.doors import actor_of, check_role, problem
from trading.handles import handle_for
from trading.models import Lot

SUBMIT = "bidding:envelope:submit"
DRAIN = 1 << 25  # of a refused body: read and thrown away, so that the client hears the answer
View = Callable[..., HttpResponseBase]


def _answer(status: int, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status)
    for name, value in {"Tus-Resumable": tus.VERSION, "Cache-Control": "no-store", **headers}.items():
        response[name.replace("_", "-")] = value
    return response


def _problem(status: int, body: dict[str, Any]) -> HttpResponse:
    response = JsonResponse({**body, "status": status}, status=status, content_type="application/problem+json")
    response["Tus-Resumable"] = tus.VERSION
    response["Cache-Control"] = "no-store"
    return response


def _signed_refusal(given: Refusal) -> HttpResponse:
    """422 with every reason in words and the signed refusal."""
    return _problem(422, {**problem(reasons_of(given))[1], "receipt": as_file(given)})


def _tus(show: View) -> View:
    """What every request of the protocol needs: version, a signed-in bidder, our errors as problem+json."""

    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _options()
        if request.headers.get("Tus-Resumable") != tus.VERSION:
            return _answer(412, Tus_Version=tus.VERSION)
        try:
            return show(request, _bidder(request), **path)
        except Refused as refusal:
            status, body = problem(refusal)
            return _problem(400 if refusal.codes[0].startswith("upload.") else status, body)

    view.act_name = SUBMIT  # type: ignore[attr-defined]
    return view


def _options() -> HttpResponse:
    facts = {"Tus_Version": tus.VERSION, "Tus_Extension": tus.EXTENSIONS}
    limits = {"Tus_Max_Size": str(uploads.MAX_LENGTH), "Tus_Checksum_Algorithm": ",".join(tus.ALGORITHMS)}
    return _answer(204, **facts, **limits)


def _bidder(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor is NOBODY:
        raise Refused(Reason("rights.sign_in", _("Sign in first.")))
    check_role(SUBMIT, actor)
    return actor


@_tus
def collection(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """POST: begin an upload, with its first bytes if the client sends them."""
    if request.method != "POST":
        return _answer(405, Allow="POST, OPTIONS")
    declared = tus.metadata(request.headers.get("Upload-Metadata", ""))
    length = tus.count(request.headers.get("Upload-Length"))
    lot = access_lot(SUBMIT, actor, declared.lot)
    handle = handle_for(lot, actor)
    if lot.deadline is not None and clock.now() >= lot.deadline:
        return _signed_refusal(refuse_late(lot, handle, declared.id))
    upload = uploads.begin(lot, handle, declared.id, length)
    where = request.build_absolute_uri(reverse("bidding:tus_upload", kwargs={"code": upload.code}))
    if request.content_type == tus.BODY_TYPE and _body_length(request):
        response = _append(request, upload, 201)
    else:
        response = _answer(201, Upload_Offset="0", Upload_Expires=_expires(lot))
    response["Location"] = where
    return response


@_tus
def one(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """HEAD: how far it is; PATCH: more bytes; DELETE: forget it."""
    upload = _find(actor, code)
    if request.method == "HEAD":
        facts = {"Upload_Offset": str(upload.offset), "Upload_Length": str(upload.length)}
        return _answer(410) if _is_over(upload) else _answer(200, Upload_Expires=_expires(upload.lot), **facts)
    if request.method == "DELETE":
        uploads.end(upload)
        return _answer(204)
    if request.method != "PATCH":
        return _answer(405, Allow="HEAD, PATCH, DELETE, OPTIONS")
    if request.content_type != tus.BODY_TYPE:
        return _answer(415)
    if tus.count(request.headers.get("Upload-Offset")) != upload.offset or upload.state != Upload.OPEN:
        return _answer(409)
    return _append(request, upload, 204)


def _find(actor: Actor, code: str) -> Upload:
    """The actor's own upload: looked up under the handle of its lot, so another's answers like none."""
    upload = Upload.objects.select_related("lot__tender").filter(code=code).first()
    if upload is None or handle_for(upload.lot, actor) != upload.handle:
        raise absent()
    access_lot(SUBMIT, actor, upload.lot.code)
    return upload


def _is_over(upload: Upload) -> bool:
    """Whether an upload was refused for its header and can take no more."""
    return upload.state == Upload.DECIDED and upload.offset < upload.length


def _expires(lot: Lot) -> str:
    """An unfinished upload ends with the deadline."""
    return format_datetime((lot.deadline or clock.now()).astimezone(UTC), usegmt=True)


def _body_length(request: HttpRequest) -> int:
    return tus.count(request.headers.get("Content-Length") or "0")


def _append(request: HttpRequest, upload: Upload, status: int) -> HttpResponse:
    """Take the body; when that was the last byte, decide, and answer a refusal as such."""
    length, checksum = _body_length(request), tus.checksum(request.headers.get("Upload-Checksum"))
    if length > upload.length - upload.offset:
        return _answer(413)
    try:
        uploads.append(upload, request, length, checksum)
    except uploads.ChecksumError:
        return _answer(460)
    except Refused as refusal:
        given = refuse_arriving(upload, refusal)
        _drain(request)
        return _signed_refusal(given)
    if upload.state == Upload.STAMPED:
        given_out: Answer | None = submission.decide(upload)
        if isinstance(given_out, Refusal):
            return _signed_refusal(given_out)
    return _answer(status, Upload_Offset=str(upload.offset), Upload_Expires=_expires(upload.lot))


def _drain(request: HttpRequest) -> None:
    left = DRAIN
    while left > 0 and (piece := request.read(arrival.PIECE)):
        left -= len(piece)
