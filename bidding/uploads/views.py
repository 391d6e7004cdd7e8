"""The tus 1.0 endpoint: the body of a request is read as it comes, from the WSGI stream.

Enters: POST, HEAD, PATCH, DELETE, OPTIONS below /bidding/tus/. Leaves: tus answers; the receipt is asked for by
id. What is refused is refused with a signed record of the refusal inside the problem+json: also what comes to a lot
that takes no bids any more. An upload that is over answers 410, with the refusal that ended it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse

from bidding.models import Refusal, Upload
from bidding.submission import submitting as submission
from bidding.submission.receipts import Answer, as_file
from bidding.submission.refusing import door_blockers, reasons_of, refuse_arriving, refuse_at_door
from bidding.submission.standings import answer_of
from bidding.uploads import arrival, tus
from bidding.uploads import uploading as uploads
from bidding.uploads.expiring import expires
from ledger.actor import NOBODY, Actor
from ledger.errors import Absent, Conflict, Reason, Refused, _, refuse
from trading.access import absent, access, access_lot
from trading.doors import actor_of, check_role, problem
from trading.handles import handle_for
from trading.models import Lot

SUBMIT = "bidding:envelope:submit"
SEE = "bidding:receipt:view"  # at any stage: what comes too late is refused with a signature, not turned away
OFFICES = [f"tender__{office}" for office in ("purchaser", "agent", "centre", "regulator")]  # who may be no bidder
DRAIN = 1 << 25  # of a refused body: read and thrown away, so that the client hears the answer
WHOLE = Reason(
    "bidding.upload_whole",
    _("The whole upload was received: it cannot be given up. Until the deadline the bid is withdrawn by its receipt."),
)
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


def _signed_refusal(given: Refusal, status: int = 0) -> HttpResponse:
    """Every reason in words and the signed refusal: 400 for the protocol, 413 for too much, else 422."""
    refusal = reasons_of(given)
    return _problem(status or _status(refusal), {**problem(refusal)[1], "receipt": as_file(given)})


def _status(refusal: Refused) -> int:
    if uploads.TOO_LARGE in refusal.codes:
        return 413
    return 400 if refusal.codes[0].startswith("upload.") else problem(refusal)[0]


def _tus(show: View) -> View:
    """What every request of the protocol needs: version, a signed-in bidder, our errors as problem+json."""

    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        # The protocol wants it so. No other site can make a browser send this header, or Tus-Resumable: we answer no
        # preflight. So what the CSRF token does not guard for a method of its own, these do.
        request.method = request.headers.get(tus.OVERRIDE, request.method or "").upper()
        if request.method == "OPTIONS":
            return _options()
        if request.headers.get("Tus-Resumable") != tus.VERSION:
            return _answer(412, Tus_Version=tus.VERSION)
        try:
            return show(request, _bidder(request), **path)
        except Refused as refusal:
            return _problem(_status(refusal), problem(refusal)[1])
        except Conflict as conflict:
            return _problem(*problem(conflict))

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
    words = request.headers.get("Upload-Metadata", "")
    declared = tus.meant(words)
    lot = _lot_meant(actor, declared.lot, words)
    handle = handle_for(lot, actor)
    try:
        refuse(door_blockers(lot))
        tus.metadata(words)
        tus.checksum(request.headers.get("Upload-Checksum"))
        length = tus.count(request.headers.get("Upload-Length"))
        upload = uploads.begin(lot, handle, declared.id, length, words)
    except Refused as refusal:
        return _signed_refusal(refuse_at_door(lot, handle, declared.id, refusal))
    response = _begun(request, upload)
    where = reverse("bidding:tus_upload", kwargs={"code": upload.code})
    response["Location"] = request.build_absolute_uri(where)
    return response


def _lot_meant(actor: Actor, code: str, words: str) -> Lot:
    """The lot that the metadata speaks of; where there is none for this actor, malformed metadata is told as such."""
    try:
        return access_lot(SEE, actor, code)
    except Absent:
        tus.metadata(words)
        raise


def _begun(request: HttpRequest, upload: Upload) -> HttpResponse:
    """What a new upload answers, its first bytes taken (creation-with-upload)."""
    if request.content_type == tus.BODY_TYPE and _body(request, upload)[1]:
        return _append(request, upload, 201)
    return _answer(201, Upload_Offset="0", **_expires(upload))


@_tus
def one(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """HEAD: how far it is; PATCH: more bytes; DELETE: forget it."""
    upload = _find(actor, code)
    show = {"HEAD": _head, "DELETE": _delete, "PATCH": _patch}.get(request.method or "")
    if show is None:
        return _answer(405, Allow="HEAD, PATCH, DELETE, OPTIONS")
    return _gone(upload) if _is_over(upload) else show(request, upload)


def _head(_request: HttpRequest, upload: Upload) -> HttpResponse:
    facts = {"Upload_Offset": str(upload.offset), "Upload_Length": str(upload.length)}
    declared = {"Upload_Metadata": upload.metadata} if upload.metadata else {}
    return _answer(200, **facts, **declared, **_expires(upload))


def _delete(_request: HttpRequest, upload: Upload) -> HttpResponse:
    try:
        uploads.end(upload)
    except Conflict:
        upload.refresh_from_db()
        return _gone(upload) if _is_over(upload) else _whole(upload)
    return _answer(204)


def _whole(upload: Upload) -> HttpResponse:
    """What is answered to who would give up an upload of which the last byte is in: 410 if it was refused, else 409."""
    given = answer_of(upload) if upload.state == Upload.DECIDED else None
    return _signed_refusal(given, 410) if isinstance(given, Refusal) else _problem(409, problem(Refused(WHOLE))[1])


def _patch(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.content_type != tus.BODY_TYPE:
        return _answer(415)
    if tus.count(request.headers.get("Upload-Offset")) != upload.offset or upload.state != Upload.OPEN:
        return _answer(409)
    reasons = door_blockers(upload.lot)
    if reasons:
        return _stopped(request, upload, Refused(*reasons))
    return _append(request, upload, 204)


def _stopped(body: uploads.Body, upload: Upload, refusal: Refused) -> HttpResponse:
    """The signed refusal of an upload that is stopped half-way."""
    given = refuse_arriving(upload, refusal)
    _drain(body)
    return _signed_refusal(given)


def _find(actor: Actor, code: str) -> Upload:
    """The actor's own upload: looked up under the handle of its lot, so another's answers like none."""
    upload = Upload.objects.select_related("lot__tender").filter(code=code).first()
    if upload is None or handle_for(upload.lot, actor) != upload.handle:
        raise absent()
    access(SEE, actor, Lot.objects.select_related(*OFFICES), pk=upload.lot_id)
    return upload


def _is_over(upload: Upload) -> bool:
    """Whether an upload ended without its last byte and can take no more."""
    is_short = upload.state == Upload.DECIDED and upload.offset < upload.length
    return is_short or upload.state in {Upload.EXPIRED, Upload.ENDED}


def _gone(upload: Upload) -> HttpResponse:
    """410 with the refusal that ended it, or with a new one when the lot takes no more bids."""
    given = answer_of(upload) if upload.state == Upload.DECIDED else None
    if isinstance(given, Refusal):
        return _signed_refusal(given, 410)
    reasons = door_blockers(upload.lot)
    if reasons:
        return _signed_refusal(refuse_at_door(upload.lot, upload.handle, upload.submission, Refused(*reasons)), 410)
    over = Reason("bidding.upload_over", _("This upload was given up or waited too long; begin it anew."))
    return _problem(410, problem(Refused(over))[1])


def _expires(upload: Upload) -> dict[str, str]:
    """When an unfinished upload ends by itself."""
    end = expires(upload)
    return {} if end is None else {"Upload_Expires": format_datetime(end.astimezone(UTC), usegmt=True)}


def _body(request: HttpRequest, upload: Upload) -> tuple[uploads.Body, int]:
    """The body and how many bytes it may bring. Django reads no body without a length, so a chunked one is read from
    the server, which knows its end.
    """
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower() and "Content-Length" not in request.headers:
        return cast("uploads.Body", request.META["wsgi.input"]), upload.length - upload.offset
    return request, tus.count(request.headers.get("Content-Length") or "0")


def _append(request: HttpRequest, upload: Upload, status: int) -> HttpResponse:
    """Take the body; when that was the last byte, decide, and answer a refusal as such."""
    checksum = tus.checksum(request.headers.get("Upload-Checksum"))
    body, length = _body(request, upload)
    if length > upload.length - upload.offset:
        return _answer(413)
    try:
        uploads.append(upload, body, length, checksum)
    except uploads.ChecksumError:
        return _answer(460)
    except Refused as refusal:
        return _stopped(body, upload, refusal)
    except Conflict:
        return _overtaken(upload)
    return _taken(upload, status)


def _overtaken(upload: Upload) -> HttpResponse:
    """Another request was faster, or the upload ended while its bytes came."""
    upload.refresh_from_db()
    return _gone(upload) if _is_over(upload) else _answer(409)


def _taken(upload: Upload, status: int) -> HttpResponse:
    if upload.state == Upload.STAMPED:
        given_out: Answer | None = submission.decide(upload)
        if isinstance(given_out, Refusal):
            return _signed_refusal(given_out)
        upload.state = Upload.DECIDED
    return _answer(status, Upload_Offset=str(upload.offset), **_expires(upload))


def _drain(body: uploads.Body) -> None:
    left = DRAIN
    while left > 0 and (piece := body.read(arrival.PIECE)):
        left -= len(piece)
