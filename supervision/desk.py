"""What supervision puts on desks and lots: alarms to look into, the watch desk, the evidence of a lot's tender."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ledger.actor import Actor, Role
from ledger.rights import may
from supervision import archives as _archives  # noqa: F401  puts the evidence on the page of a tender
from supervision import house_page
from supervision.models import Alarm, HouseAlarm
from supervision.words import ENTRIES, LEVELS
from trading.desks import Action, Item, Status, desk_action, desk_item
from trading.models import Lot
from trading.reading.offers import lot_offer
from trading.words import tell

tell(ENTRIES)


@desk_item(Role.REGULATOR)
def alarms(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Alarms that nobody has looked into, the newest first."""
    q = Alarm.objects.filter(lot__tender__regulator__code=actor.organisation, outcome="")
    for alarm in q.select_related("lot__tender")[:20]:
        word, tone, icon_name = LEVELS[alarm.level]
        href = reverse("supervision:lot", kwargs={"lot": alarm.lot.code})
        status = Status(_(word), tone, icon_name)
        yield Item(
            _(alarm.kind.name),
            f"{href}#alarms",
            str(alarm.lot),
            clause=_("Bidding Regulation, article 62"),
            status=status,
        )


@desk_item(Role.REGULATOR, Role.OPERATOR)
def house_alarms(_actor: Actor, _now: datetime) -> Iterator[Item]:
    """Alarms about the house that stand."""
    for alarm in HouseAlarm.objects.filter(cleared_at=None)[:20]:
        word, tone, icon_name = LEVELS[alarm.kind.level]
        status = Status(_(word), tone, icon_name)
        yield Item(_(alarm.kind.name), reverse("supervision:house"), house_page.about(alarm.subject), status=status)


@desk_action(Role.REGULATOR)
def watch(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """The watch desk."""
    after = _("Openings, rooms, alarms and the newest entries of the log.")
    yield Action("watch", _("Watch desk"), reverse("supervision:desk"), "primary", after)


@lot_offer
def of_lot(lot: Lot, actor: Actor, _now: datetime) -> Iterator[Action]:
    """The regulator watches; everybody takes the evidence of the tender."""
    if may("supervision:lot:view", actor, lot):
        yield Action("watch", _("Watch this lot"), reverse("supervision:lot", kwargs={"lot": lot.code}), "primary")
    if may("supervision:bundle:view", actor, lot.tender):
        after = _("Entries, proofs, papers and records of the whole tender, to be checked without us.")
        href = reverse("supervision:bundle", kwargs={"tender": lot.tender.code})
        yield Action("bundle", _("Take the evidence bundle"), href, next=after)
