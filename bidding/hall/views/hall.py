"""Pages and doors of the hall: the live board for everybody, and what host, bidders and custodians do in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding.hall import entering as hall
from bidding.hall import openings, record
from bidding.hall.board import board_facts, board_of
from bidding.hall.objections import answer_objection, raise_objection
from bidding.hall.page import board_context
from bidding.opening import headers, own_share
from bidding.opening.rebuttal import rebut
from bidding.opening.release import Batch, release
from bidding.opening.window import MINUTES
from ledger import clock
from ledger.actor import Actor
from trading.access import access_lot
from trading.doors import Answer, door, page, wants_json
from trading.forms import Nothing


def asker(request: HttpRequest) -> Actor:
    """Who asks, as `page` found out."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def _board(request: HttpRequest, lot: str, template: str) -> HttpResponseBase:
    actor = asker(request)
    board = board_of(access_lot("bidding:hall:view", actor, lot))
    if wants_json(request):
        return JsonResponse(dict(board_facts(board)))
    context = board_context(board, actor, clock.now())
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, template, context)


@page("bidding:hall:view")
def hall_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The hall of a lot, live."""
    return _board(request, lot, "bidding/hall.html")


@page("bidding:hall:view")
def hall_board(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The part of the hall that changes."""
    return _board(request, lot, "bidding/hall_board.html")


@page("bidding:hall:view")
def hall_wall(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The same for a screen on a wall."""
    return _board(request, lot, "bidding/hall_wall.html")


@page("bidding:openings:view")
def openings_page(request: HttpRequest) -> HttpResponseBase:
    """The openings of today and those to come."""
    facts = openings.openings(clock.now())
    if wants_json(request):
        return JsonResponse({"openings": [openings.facts_of(one) for one in facts]})
    return render(request, "bidding/hall_openings.html", openings.table_of(facts))


def _there(lot: str) -> str:
    return reverse("bidding:hall", kwargs={"lot": lot})


@dataclass(frozen=True)
class OpenForm:
    """How many minutes bidders have for their own shares, under a policy with `b`."""

    share_minutes: int = MINUTES


@door("bidding:hall:open", OpenForm)
def hall_open(actor: Actor, form: OpenForm, lot: str) -> Answer:
    """The host opens the hall."""
    made = hall.open_hall(access_lot("bidding:hall:open", actor, lot), actor=actor, minutes=form.share_minutes)
    return Answer({"opened_at": made.opened_at.isoformat()}, _there(lot))


@door("bidding:hall:join", Nothing)
def hall_join(actor: Actor, form: Nothing, lot: str) -> Answer:  # noqa: ARG001
    """A bidder signs in."""
    hall.sign_in(access_lot("bidding:hall:join", actor, lot), actor=actor)
    return Answer({"signed_in": True}, _there(lot))


@page("bidding:headers:view")
def headers_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """What a custodian's client checks and decrypts."""
    return JsonResponse(headers.header_facts(access_lot("bidding:headers:view", asker(request), lot)))


@dataclass(frozen=True)
class ShareForm:
    """The share for one receipt number; left out or empty: this leaf does not open."""

    receipt: str
    share: bytes | None = None


@dataclass(frozen=True)
class ReleaseForm:
    """A whole batch: leaf label, shares, CMS over the statement."""

    leaf: str
    shares: tuple[ShareForm, ...]
    signature: bytes


@door("bidding:share:release", ReleaseForm)
def share_release(actor: Actor, form: ReleaseForm, lot: str) -> Answer:
    """A custodian gives the shares of the lot."""
    row = access_lot("bidding:hall:view", actor, lot)  # the act itself refuses what is too early, with its own code
    shares = {one.receipt: one.share for one in form.shares}
    if len(shares) != len(form.shares):
        shares = {}
    made = release(row, Batch(form.leaf, shares, form.signature), actor=actor)
    return Answer({"leaf": made.leaf, "at": made.at.isoformat(), "count": len(shares)}, _there(lot))


@page("bidding:share:view")
def own_share_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """What a bidder's client needs to give the share of the own envelope."""
    actor = asker(request)
    return JsonResponse(own_share.own_share_facts(access_lot("bidding:share:view", actor, lot), actor))


@dataclass(frozen=True)
class OwnShareForm:
    """The bidder's share of the own envelope, 16 bytes."""

    share: bytes


@door("bidding:share:give", OwnShareForm)
def own_share_give(actor: Actor, form: OwnShareForm, lot: str) -> Answer:
    """A bidder gives the share of the own envelope."""
    made = own_share.give_own_share(access_lot("bidding:share:give", actor, lot), form.share, actor=actor)
    return Answer({"receipt": made.envelope.number, "at": made.at.isoformat()}, _there(lot))


@dataclass(frozen=True)
class KeyForm:
    """The file key of the own envelope, 16 bytes."""

    file_key: bytes


@door("bidding:testimony:rebut", KeyForm)
def testimony_rebut(actor: Actor, form: KeyForm, lot: str) -> Answer:
    """A bidder shows that the own envelope does open."""
    bid = rebut(access_lot("bidding:testimony:rebut", actor, lot), form.file_key, actor=actor)
    return Answer({"number": bid.number, "side": bid.side}, _record(lot))


@dataclass(frozen=True)
class TextForm:
    """A sentence."""

    text: str


def _record(lot: str) -> str:
    return reverse("bidding:record", kwargs={"lot": lot})


@door("bidding:objection:raise", TextForm)
def objection_raise(actor: Actor, form: TextForm, lot: str) -> Answer:
    """A bidder objects."""
    made = raise_objection(access_lot("bidding:objection:raise", actor, lot), form.text, actor=actor)
    return Answer({"objection": made.code}, _record(lot))


@door("bidding:objection:answer", TextForm)
def objection_answer(actor: Actor, form: TextForm, lot: str, objection: str) -> Answer:
    """The host answers."""
    made = answer_objection(access_lot("bidding:objection:answer", actor, lot), objection, form.text, actor=actor)
    return Answer({"objection": made.code}, _record(lot))


@door("bidding:record:confirm", Nothing)
def record_confirm(actor: Actor, form: Nothing, lot: str) -> Answer:  # noqa: ARG001
    """A bidder confirms what was read out."""
    bid = record.confirm(access_lot("bidding:record:confirm", actor, lot), actor=actor)
    return Answer({"number": bid.number}, _there(lot))


@dataclass(frozen=True)
class SignatureForm:
    """A detached CMS signature, DER, over the bytes of the record."""

    signature: bytes


@door("bidding:record:sign", SignatureForm)
def record_sign(actor: Actor, form: SignatureForm, lot: str) -> Answer:
    """Host or witness signs the record."""
    made = record.sign_record(access_lot("bidding:record:sign", actor, lot), form.signature, actor=actor)
    return Answer({"part": made.part, "record": made.hall.record_digest}, _record(lot))
