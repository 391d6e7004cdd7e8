"""What evaluation puts on desks and on the page of a lot: draws to request, rooms to open and enter, results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation import words
from evaluation.models import Room
from evaluation.room import opening_blockers
from evaluation.rules import may_see_result, room_of
from experts.models import Draw, Seat
from ledger.actor import Actor, Role
from ledger.errors import _ as marked
from ledger.rights import may
from trading.desks import Action, Item, Status, desk_item
from trading.models import Lot
from trading.reading.offers import lot_offer
from trading.stages import UNSEALED, Stage
from trading.words import tell

tell(words.ENTRIES)
CLAUSE = marked("Bidding Regulation, article 53")


@desk_item(Role.EXPERT)
def rooms(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Rooms in which the expert sits and judges."""
    seats = Seat.objects.filter(expert__account__code=actor.code, sitting=True, lot__stage=Stage.EVALUATING)
    for seat in seats.select_related("lot__tender")[:20]:
        room = room_of(seat.lot)
        if room is not None:
            status = Status(_(words.STAGES[room.stage]), "busy", "scale")
            href = reverse("evaluation:room", kwargs={"lot": seat.lot.code})
            yield Item(_("Judge: %s") % seat.lot.title, href, seat.lot.tender.title, clause=_(CLAUSE), status=status)


@desk_item(Role.AGENT)
def next_steps(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Opened lots that wait for a draw or a room, evaluated ones that wait for their candidates to be published."""
    lots = Lot.objects.filter(tender__agent__code=actor.organisation, stage__in=[Stage.OPENED, Stage.EVALUATED])
    for lot in lots.select_related("tender")[:20]:
        href, about = reverse("evaluation:progress", kwargs={"lot": lot.code}), lot.tender.title
        if lot.stage == Stage.EVALUATED:
            yield Item(
                _("Publish the candidates: %s") % lot.title, href, about, clause=_("Bidding Regulation, article 54")
            )
        elif not lot.draws.exclude(stage=Draw.VOID).exists():
            yield Item(_("Request the experts: %s") % lot.title, href, about, clause=_("Bidding Law, article 37"))
        else:
            reasons = tuple(opening_blockers(lot))
            yield Item(_("Open the evaluation room: %s") % lot.title, href, about, reasons=reasons)


@lot_offer
def of_lot(lot: Lot, actor: Actor, _now: datetime) -> Iterator[Action]:
    """What can be seen of the draw and the evaluation of a lot."""
    place = {"lot": lot.code}
    if lot.draws.exists():
        yield Action("draw", _("Draw of experts"), reverse("experts:draw", kwargs=place))
    if lot.stage in UNSEALED and may("evaluation:progress:view", actor, lot):
        yield Action("progress", _("Evaluation"), reverse("evaluation:progress", kwargs=place), "primary")
    if may("evaluation:room:view", actor, lot) and Room.objects.filter(lot=lot).exists():
        yield Action("room", _("Enter the evaluation room"), reverse("evaluation:room", kwargs=place), "primary")
    if lot.stage in {*UNSEALED, Stage.FAILED} and may_see_result(actor, lot) and Room.objects.filter(lot=lot).exists():
        yield Action("evaluation", _("Result of the evaluation"), reverse("evaluation:result", kwargs=place))
