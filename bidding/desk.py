"""What bidding puts on desks before an opening: keys and sheets for custodians, live bids for bidders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from bidding.custody.sheets import label_of
from bidding.models import CustodyKey, Envelope, Sheet
from bidding.submission.standings import live_envelope
from ledger.actor import Actor, Role
from ledger.errors import _
from trading.desks import Item, Status, desk_item
from trading.handles import handle_for
from trading.models import Lot, Tender
from trading.stages import Stage
from trading.words import tell

MOST = 50
CUSTODIANS = (Role.AGENT, Role.CENTRE, Role.REGULATOR)

tell(
    {
        "bidding:key:registered": _("Custodian's key registered"),
        "bidding:sheet:signed": _("Custody sheet signed by one custodian"),
        "bidding:sheet:sealed": _("Custody sheet in force"),
        "bidding:envelope:sealed": _("Bid received"),
        "bidding:envelope:withdrawn": _("Bid withdrawn"),
        "bidding:envelope:refused": _("Bid refused"),
        "bidding:lot:closed": _("Bids counted, sealed"),
        "bidding:lot:failed": _("Failed: fewer bids than the law asks for"),
    }
)


@desk_item(*CUSTODIANS)
def keys_to_register(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Drafts that wait for the custodian's key, or for a signature under their sheets."""
    around = Q(agent__code=actor.organisation) | Q(centre__code=actor.organisation)
    drafts = Tender.objects.filter(around | Q(regulator__code=actor.organisation), stage="draft").order_by("-pk")
    label = label_of(actor)
    for tender in drafts[:MOST]:
        to = reverse("bidding:custody", kwargs={"tender": tender.code})
        if not CustodyKey.objects.filter(tender=tender, round=tender.round, label=label).exists():
            yield Item(
                gettext("Register your custodian's key: %s") % tender.title, to, gettext("The notice waits for it.")
            )
            continue
        sheets = Sheet.objects.filter(lot__tender=tender, round=tender.round, superseded=False)
        if sheets.exclude(signatures__label=label).exists():
            yield Item(gettext("Sign the custody sheets: %s") % tender.title, to, gettext("The notice waits for it."))


@desk_item(Role.BIDDER)
def live_bids(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Lots for which the bidder's own envelope is live, found by the handle."""
    if not actor.organisation:
        return
    lots = Lot.objects.select_related("tender").filter(stage__in=[Stage.BIDDING, Stage.CLOSING]).order_by("deadline")
    handles = {handle_for(lot, actor): lot for lot in lots[:MOST]}
    for handle in Envelope.objects.filter(handle__in=handles).values_list("handle", flat=True).distinct():
        lot = handles[handle]
        if live_envelope(lot, handle) is not None:
            to = reverse("bidding:desk", kwargs={"lot": lot.code})
            status = Status(gettext("received"), "good", "lock")
            label = gettext("Until the deadline for bids")
            yield Item(
                gettext("Your bid is sealed: %s") % lot.title, to, lot.tender.title, lot.deadline, label, status=status
            )
