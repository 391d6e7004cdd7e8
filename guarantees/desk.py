"""What guarantees put on desks: claims that wait for their issuer, and the list; and their entries in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from guarantees.models import CLAIMED, Guarantee
from ledger.actor import Actor, Role
from ledger.errors import _
from trading.desks import Action, Item, Status, desk_action, desk_item
from trading.words import tell

tell(
    {
        "guarantees:guarantee:recognised": _("Guarantee behind a bid recognised"),
        "guarantees:guarantee:released": _("Guarantee released, or deposit refunded"),
        "guarantees:claim:filed": _("Purchaser demanded payment of a guarantee"),
        "guarantees:claim:paid": _("Demand on a guarantee paid"),
    }
)


@desk_item(Role.GUARANTOR)
def claims(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Demands that the issuer has to pay."""
    rows = Guarantee.objects.filter(issuer__code=actor.organisation, stage=CLAIMED).select_related("lot__tender")
    status = Status(gettext("claimed"), "halt")
    for row in rows[:20]:
        title = gettext("Pay the demand on %(number)s") % {"number": row.number}
        yield Item(title, reverse("guarantees:show", args=[row.code]), row.lot.tender.title, status=status)


@desk_action(Role.GUARANTOR, Role.BIDDER, Role.PURCHASER)
def listed(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """The way to the list."""
    yield Action("guarantees", gettext("Guarantees and deposits"), reverse("guarantees:index"))
