"""The log beside the board: what the ledger says happened in a hall, newest first.

Enters: a lot. Leaves: numbers, instants and sentences of its entries, from the count of the bids on. The same entries
replay the opening afterwards; none of them holds a price or a name before the read-out, so neither does this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from bidding.envelope.policy import NAMES
from bidding.models.opening import HOST, OPENED
from bidding.opening.reasons import why
from ledger.errors import _
from ledger.events import read_entry
from ledger.models import EntryRow
from trading.models import Lot
from trading.words import tell

SHOWN = 60
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One entry in a sentence of the reader's language; `number` is its index in the log."""

    number: int
    at: datetime
    text: str


def _body(values: Values) -> str:
    leaf = str(values["leaf"])
    return gettext(NAMES.get(leaf[0], leaf))


def _released(values: Values) -> str:
    return gettext("The custodian of %(body)s gave the shares for all bids.") % {"body": _body(values)}


def _decided(values: Values) -> str:
    if values["state"] == OPENED:
        return gettext("Envelope %(number)s is open.") % values
    said = {"number": values["number"], "reason": why(values["reason"]).rstrip(".。")}
    return gettext("Envelope %(number)s did not open (%(reason)s).") % said


def _signed(values: Values) -> str:
    is_host = values["part"] == HOST
    return gettext("The host signed the record.") if is_host else gettext("The witness signed the record.")


def _plain(text: str) -> Callable[[Values], str]:
    return lambda values: gettext(text) % values


def _came(values: Values) -> str:
    return gettext("The regulator ended the wait for custodians: %(reason)s") % values


SENTENCES: Mapping[str, Callable[[Values], str]] = {
    "trading:deadline:moved": _plain(_("An addendum moved the deadline.")),
    "trading:deadline:extended": _plain(_("After an outage the deadline moved.")),
    "trading:lot:closing": _plain(_("The deadline passed.")),
    "bidding:lot:closed": _plain(_("%(count)s bids were counted.")),
    "bidding:lot:failed": _plain(_("Only %(count)s bids: the lot failed, nothing was opened.")),
    "bidding:hall:opened": _plain(_("The host opened the hall.")),
    "bidding:share:released": _released,
    "bidding:envelope:decided": _decided,
    "bidding:testimony:refuted": lambda values: (
        gettext("The custodian of %(body)s had said of an envelope that it does not open; it opened.")
        % {"body": _body(values)}
    ),
    "bidding:testimony:rebutted": _plain(_("Bidder %(number)s showed that the envelope does open.")),
    "bidding:prices:read": _plain(_("All prices were read out: %(opened)s bids.")),
    "bidding:objection:raised": _plain(_("Bidder %(number)s objected.")),
    "bidding:objection:answered": _plain(_("The host answered an objection.")),
    "bidding:record:confirmed": _plain(_("Bidder %(number)s confirmed the record.")),
    "bidding:record:signed": _signed,
    "bidding:lot:opened": _plain(_("The opening is over.")),
    "bidding:hall:joined": _plain(_("A bidder signed in.")),
    "bidding:window:opened": _plain(_("The bidders may give their own shares.")),
    "bidding:window:closed": _plain(_("The time for the bidders' own shares is over.")),
    "bidding:waiting:ended": _came,
    "bidding:silence:accepted": _plain(_("The time for confirmations is over; silence is acceptance.")),
    "bidding:opening:paused": _plain(_("The regulator paused the opening: %(reason)s")),
    "bidding:opening:interrupted": _plain(_("An outage interrupted the opening; every window got the time back.")),
    "bidding:opening:rescheduled": _plain(_("The opening rested for more than a day; it goes on at a noticed time.")),
    "bidding:opening:resumed": _plain(_("The opening goes on; every window got the time back.")),
    "bidding:opening:failed": _plain(_("No bid could be opened: the lot failed.")),
}


def lines(lot: Lot) -> list[Line]:
    """The newest entries of the hall that have their place in the log."""
    rows = EntryRow.objects.filter(scope=lot.code, tag__in=SENTENCES, place__isnull=False, at__isnull=False)
    found = rows.select_related("place").order_by("-place__index")[:SHOWN]
    return [
        Line(row.place.index, row.at, SENTENCES[row.tag](read_entry(bytes(row.leaf)).values))
        for row in found
        if row.at is not None
    ]


def last_number(lot: Lot) -> int:
    """The index of the newest entry about the lot, 0 before the first."""
    row = EntryRow.objects.filter(scope=lot.code, place__isnull=False).select_related("place").order_by("-place__index")
    first = row.first()
    return first.place.index if first else 0


tell(
    {
        "bidding:opening:paused": _("The opening was paused"),
        "bidding:opening:interrupted": _("The opening was interrupted by an outage"),
        "bidding:opening:rescheduled": _("The opening goes on later"),
        "bidding:opening:resumed": _("The opening goes on"),
        "bidding:waiting:ended": _("The wait for custodians was ended"),
        "bidding:silence:accepted": _("Silence was accepted"),
        "bidding:opening:failed": _("No bid could be opened"),
    }
)
