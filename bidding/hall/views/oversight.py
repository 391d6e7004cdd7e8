"""What the regulator does about an opening: pause, let it go on, end a wait; and for everybody the replay of a hall."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding.hall import oversight, pausing, replay_page, waiting
from bidding.hall.views.hall import asker
from ledger import clock
from ledger.actor import Actor
from trading.access import access_lot
from trading.doors import Answer, door, page, wants_json
from trading.forms import Nothing


def _there(lot: str) -> str:
    return reverse("bidding:hall", kwargs={"lot": lot})


@page("bidding:hall:replay")
def replay_view(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The opening once more, out of the log."""
    row = access_lot("bidding:hall:replay", asker(request), lot)
    if wants_json(request):
        return JsonResponse(replay_page.facts(row))
    return render(request, "bidding/hall_replay.html", replay_page.context(row, request.GET.get("step", "")))


@page("bidding:oversight:view")
def oversight_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The regulator's page of an opening."""
    actor = asker(request)
    row = access_lot("bidding:oversight:view", actor, lot)
    return render(request, "bidding/hall_oversight.html", oversight.context(row, actor, clock.now()))


@dataclass(frozen=True)
class PauseForm:
    """Why the opening is paused, and under which article."""

    reason: str
    clause: str = pausing.ARTICLE


@door("bidding:opening:pause", PauseForm)
def opening_pause(actor: Actor, form: PauseForm, lot: str) -> Answer:
    """The regulator pauses the opening."""
    row = access_lot("bidding:opening:pause", actor, lot)
    made = pausing.pause(row, form.reason, actor=actor, clause=form.clause)
    return Answer({"pause": made.code, "at": made.at.isoformat()}, _there(lot))


@door("bidding:opening:resume", Nothing)
def opening_resume(actor: Actor, _form: Nothing, lot: str) -> Answer:
    """The regulator lets the opening go on: at once, or after more than a day at a noticed time."""
    made = pausing.resume(access_lot("bidding:opening:resume", actor, lot), actor=actor)
    until = made.until.isoformat() if made.until else None
    return Answer({"pause": made.code, "goes_on_at": until, "ended": made.ended_at is not None}, _there(lot))


@dataclass(frozen=True)
class EndForm:
    """Why the wait for custodians is ended."""

    reason: str


@door("bidding:waiting:end", EndForm)
def waiting_end(actor: Actor, form: EndForm, lot: str) -> Answer:
    """The regulator ends the wait for custodians."""
    waiting.end_waiting(access_lot("bidding:waiting:end", actor, lot), form.reason, actor=actor)
    return Answer({"ended": True}, _there(lot))
