"""What bidding puts on desks before an opening: keys and sheets for custodians, live bids for bidders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from bidding.custody.composing import keys_of, waiting_for
from bidding.custody.duties import DUE, GIVEN, WAITING, WORDS, duties
from bidding.custody.keys import label_held, own_labels
from bidding.custody.rehearsal import rehearsal_of, rehearsal_sheet
from bidding.custody.stale import STALE, stale_numbers
from bidding.models import Envelope, Rehearsal
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
        "bidding:policy:chosen": _("Policy of the opening chosen"),
        "bidding:rehearsal:sealed": _("Envelope of the rehearsal sealed"),
        "bidding:rehearsal:given": _("Share of the rehearsal given"),
        "bidding:rehearsal:opened": _("Rehearsal opened with every smallest set of custodians"),
        "bidding:rehearsal:failed": _("Rehearsal did not open"),
        "bidding:envelopes:stale": _("Bids to be sealed again, for a new custody sheet"),
        "bidding:sheet:signed": _("Custody sheet signed by one custodian"),
        "bidding:sheet:sealed": _("Custody sheet in force"),
        "bidding:envelope:sealed": _("Bid received"),
        "bidding:envelope:withdrawn": _("Bid withdrawn"),
        "bidding:envelope:refused": _("Bid refused"),
        "bidding:withdrawal:refused": _("Withdrawal refused"),
        "bidding:lot:closed": _("Bids counted, sealed"),
        "bidding:lot:failed": _("Failed: fewer bids than the law asks for"),
    }
)


@desk_item(*CUSTODIANS)
def keys_to_register(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Tenders that wait for the custodian's key, for a signature under their sheets, or for the rehearsal."""
    around = Q(agent__code=actor.organisation) | Q(centre__code=actor.organisation)
    mine = Tender.objects.filter(around | Q(regulator__code=actor.organisation)).order_by("-pk")
    replacing = mine.filter(lots__stage=Stage.BIDDING, lots__sheets__sealed=False, lots__sheets__superseded=False)
    for tender in [*mine.filter(stage="draft")[:MOST], *replacing.distinct()[:MOST]]:
        title = _custodian_waits(tender, actor)
        if title:
            to = reverse("bidding:custody", kwargs={"tender": tender.code})
            is_draft = tender.stage == "draft"
            about = _("The notice waits for it.") if is_draft else _("The new custody sheets wait for it.")
            yield Item(title % tender.title, to, gettext(about))


def _custodian_waits(tender: Tender, actor: Actor) -> str:
    """What a tender waits for this custodian to do, "" when nothing."""
    label, taken = label_held(tender, actor), set(keys_of(tender))
    if not label:
        free = [one for one in own_labels(tender, actor) if one not in taken]
        return gettext("Register your custodian's key: %s") if free else ""
    if waiting_for(tender).filter(sealed=False).exclude(signatures__label=label).exists():
        return gettext("Sign the custody sheets: %s")
    sheet, row = rehearsal_sheet(tender), rehearsal_of(tender)
    if sheet is None or not sheet.sealed:
        return ""
    if row is None or row.state == Rehearsal.FAILED:
        return gettext("Seal the rehearsal's envelope: %s") if actor.role is Role.AGENT else ""
    is_asked = row.state == Rehearsal.WAITING and not row.shares.filter(leaf=label).exists()
    return gettext("Give your share of the rehearsal: %s") if is_asked else ""


@desk_item(*CUSTODIANS)
def openings_due(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Openings that need the custodian's shares, due or still to come."""
    for duty in duties(actor):
        word, tone, icon_name = WORDS[duty.state]
        status = Status(gettext(word), tone, icon_name)
        until = duty.lot.deadline if duty.state == WAITING else None
        title = gettext("Give your shares: %s") if duty.state == DUE else gettext("Opening with your key: %s")
        if duty.state != GIVEN:
            about, label = duty.lot.tender.title, gettext("Until the deadline for bids")
            yield Item(title % duty.lot.title, duty.href, about, until, label, status=status)


@desk_item(Role.BIDDER)
def live_bids(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Lots for which the bidder's own envelope is live, found by the handle."""
    if not actor.organisation:
        return
    lots = Lot.objects.select_related("tender").filter(stage__in=[Stage.BIDDING, Stage.CLOSING]).order_by("deadline")
    handles = {handle_for(lot, actor): lot for lot in lots[:MOST]}
    for handle in Envelope.objects.filter(handle__in=handles).values_list("handle", flat=True).distinct():
        lot, to = handles[handle], reverse("bidding:desk", kwargs={"lot": handles[handle].code})
        if live_envelope(lot, handle) is None and stale_numbers(lot, handle):
            halt = Status(gettext("to be sealed again"), "halt", "lock")
            label = gettext("Until the deadline for bids")
            yield Item(
                gettext("Seal your bid again: %s") % lot.title,
                to,
                gettext(STALE.text),
                lot.deadline,
                label,
                status=halt,
            )
        elif live_envelope(lot, handle) is not None:
            status = Status(gettext("received"), "good", "lock")
            label = gettext("Until the deadline for bids")
            yield Item(
                gettext("Your bid is sealed: %s") % lot.title, to, lot.tender.title, lot.deadline, label, status=status
            )
