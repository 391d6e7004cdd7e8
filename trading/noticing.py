"""Gives notice: a canonical record becomes an object and a row, and is read back as the very record it was.

Enters: an act in progress, the tender or lot, a record of `trading.records`. Leaves: a `Notice`; its page shows the
record.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from ledger import objects
from ledger.act import This
from ledger.canon import decode, encode
from ledger.errors import Broken, _
from trading.models import Lot, Notice, Party, Tender
from trading.records import (
    Addendum,
    AwardNotice,
    Body,
    CandidatesNotice,
    ContractNotice,
    ExtensionNotice,
    FailureNotice,
    RescheduleNotice,
    TenderNotice,
)

Record = (
    TenderNotice | Addendum | CandidatesNotice | AwardNotice | ContractNotice | FailureNotice | ExtensionNotice
    | RescheduleNotice
)  # fmt: skip
SPACE = "notices"
RECORDS: dict[str, type[Record]] = {
    "notice": TenderNotice,
    "addendum": Addendum,
    "candidates": CandidatesNotice,
    "award": AwardNotice,
    "contract": ContractNotice,
    "failure": FailureNotice,
    "extension": ExtensionNotice,
    "reschedule": RescheduleNotice,
}
NAMES = {
    "notice": _("Tender notice"),
    "addendum": _("Addendum"),
    "candidates": _("Publicity of candidates"),
    "award": _("Award notice"),
    "contract": _("Contract notice"),
    "failure": _("Notice of failure"),
    "extension": _("Deadline moved after an outage"),
    "reschedule": _("Opening goes on later"),
}


def body_of(party: Party) -> Body:
    """The organisation as records name it."""
    return Body(party.credit_code, party.name)


def kind_of(record: Record) -> str:
    """The kind of notice that shows such a record."""
    return next(kind for kind, cls in RECORDS.items() if type(record) is cls)


def give(
    this: This[Any],
    tender: Tender,
    record: Record,
    title: str,
    *,
    lot: Lot | None = None,
    until: datetime | None = None,
) -> Notice:
    """Publish `record` at the act's instant; numbers count up within tender, lot and kind."""
    kind, stored = kind_of(record), objects.put(SPACE, encode(record))
    number = Notice.objects.filter(tender=tender, lot=lot, kind=kind).count() + 1
    return Notice.objects.create(
        tender=tender, lot=lot, kind=kind, number=number, title=title, digest=stored.digest, at=this.now, until=until
    )


def bytes_of(notice: Notice) -> bytes:
    """The canonical bytes of the notice; `Broken` when they are not those that were published."""
    data = objects.read(f"{SPACE}/{notice.digest}")
    if hashlib.sha256(data).hexdigest() != notice.digest:
        raise Broken(f"the notice {notice.code} is not what was published")
    return data


def record_of(notice: Notice) -> Record:
    """The published record."""
    return decode(RECORDS[notice.kind], bytes_of(notice))
