"""The replay of a hall: its entries out of the log, as steps that a page can go through.

Enters: a lot, the number of a step. Leaves: the board after that step, built from entries and what they name alone; the
sentences of the steps; ways back and on. Lifted entries stand where their veiled leaves stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.sheet import policy_of
from bidding.hall.hours import CONFIRMATION, CUSTODIANS, OBJECTION
from bidding.hall.log import SENTENCES
from bidding.hall.reading import SPACE
from bidding.hall.replaying import CHANGES, SEALED, Minutes, Step, Told, replay
from bidding.opening.counted import list_named
from bidding.opening.events import Readout
from bidding.submission.count import counted_in
from ledger import objects
from ledger.canon import decode, tag_of
from ledger.events import Entry, VeiledLifted, read_entry
from ledger.models import EntryRow
from trading.models import Lot

MINUTES = Minutes(CUSTODIANS, OBJECTION, CONFIRMATION)
LIFTED = tag_of(VeiledLifted)
HEARD = {*CHANGES, SEALED}


def steps_of(lot: Lot) -> list[Step]:
    """Every step of the lot's opening so far."""
    entries = list(_told(lot))
    if not entries:
        return []
    return replay(entries, policy_of(sheet_in_force(lot)), MINUTES)


def _told(lot: Lot) -> Iterator[Told]:
    rows = EntryRow.objects.filter(scope=lot.code, tag__in=[*HEARD, LIFTED], place__isnull=False)
    for row in rows.select_related("place").order_by("place__index"):
        entry, index = read_entry(bytes(row.leaf)), row.place.index
        if entry.tag == LIFTED:
            index, entry = entry.values["index"], read_entry(entry.values["inner"])
        if (
            entry.tag in HEARD
            and entry.stamp is not None
            and entry.values.get("round", lot.tender.round) == (lot.tender.round)
        ):
            yield Told(index, entry.stamp.at, entry.stamp.by or "", entry.tag, _values(entry))


def _values(entry: Entry) -> dict[str, Any]:
    """The values, with what is too long for an entry out of the object that it names: counted bids, a read-out."""
    values = dict(entry.values)
    if entry.tag == "bidding:lot:closed":
        values["envelopes"] = counted_in(values, list_named)
    if entry.tag == "bidding:prices:read" and not values["bids"] and not values["failed"]:
        table = decode(Readout, objects.read(f"{SPACE}/{values['table'].hex()}"))
        values.update(bids=table.bids, failed=table.failed)
    return values


def sentences(step: Step) -> list[tuple[int, str]]:
    """What happened in the step, in the reader's language, each sentence after the index of its entry."""
    return [(one.index, SENTENCES[one.tag](one.values)) for one in step.told if one.tag in SENTENCES]


def times(steps: list[Step]) -> tuple[datetime, datetime] | None:
    """First and last moment of the opening."""
    return (steps[0].at, steps[-1].at) if steps else None
