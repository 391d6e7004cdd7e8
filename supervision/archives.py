"""Reads about archives: which were made of a tender, for its page and for machines.

Enters: a tender, who asks. Leaves: rows; what the regulator may take besides is offered to the regulator alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ledger.actor import Actor
from ledger.errors import Absent, Reason
from ledger.errors import _ as marked
from ledger.events import read_entry
from ledger.models import EntryRow
from ledger.rights import may
from supervision.verifier.case import ARCHIVE, AWARD, DEADLINE, OPENING
from supervision.verifier.moments import MADE
from trading.models import Tender
from trading.reading.offers import Evidence, tender_evidence

NAMES = {
    DEADLINE: marked("Deadline"), OPENING: marked("Opening"), AWARD: marked("Award"), ARCHIVE: marked("Archive"),
}  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """An archive in the log: moment, when it was made, index of its entry; SHA-256 and sizes of both kinds."""

    moment: str
    at: datetime | None
    index: int
    public: bytes
    public_size: int
    regulators: bytes | None
    regulators_size: int


def archives_of(tender: Tender) -> list[Archive]:
    """The archives of a tender that have their place in the log, the earliest first."""
    rows = EntryRow.objects.filter(tag=MADE, scope=tender.code, place__isnull=False).select_related("place")
    return [_archive(row) for row in rows.order_by("place__index")]


def _archive(row: EntryRow) -> Archive:
    said = read_entry(bytes(row.leaf)).values
    facts = {name: said[name] for name in ("moment", "public", "public_size", "regulators", "regulators_size")}
    return Archive(at=row.at, index=row.place.index, **facts)


def archive_of(tender: Tender, moment: str) -> Archive:
    """The archive of a moment; `Absent` before it was made."""
    found = next((one for one in archives_of(tender) if one.moment == moment), None)
    if found is None:
        raise Absent(Reason("objects.absent", marked("There is no such file here.")))
    return found


@tender_evidence
def evidence(tender: Tender, actor: Actor) -> Iterator[Evidence]:
    """What stands on the page of a tender: an archive for each moment, and the newest state for who asks now."""
    if not may("supervision:bundle:view", actor, tender):
        return
    takes = may("supervision:archive:export", actor, tender)
    for one in archives_of(tender):
        where = {"tender": tender.code, "moment": one.moment}
        yield Evidence(
            _(NAMES[one.moment]), reverse("supervision:archive", kwargs=where), one.at, one.public.hex(),
            one.public_size, one.index,
            reverse("supervision:archive_export", kwargs=where) if takes and one.regulators else "",
        )  # fmt: skip
    export = reverse("supervision:bundle_export", kwargs={"tender": tender.code}) if takes else ""
    yield Evidence(_("Newest state"), reverse("supervision:bundle", kwargs={"tender": tender.code}), export=export)


def facts(tender: Tender) -> dict[str, object]:
    """The same for machines."""
    rows = [
        {
            "moment": one.moment, "at": one.at, "entry": one.index, "sha256": one.public.hex(),
            "size": one.public_size, "regulators_sha256": one.regulators.hex() if one.regulators else None,
            "href": reverse("supervision:archive", kwargs={"tender": tender.code, "moment": one.moment}),
        }
        for one in archives_of(tender)
    ]  # fmt: skip
    return {"tender": tender.code, "archives": rows}
