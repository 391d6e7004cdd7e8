"""Which openings wait for a custodian: the own lots by deadline, what has to be done for each, and whether it is done.

Enters: who asks. Leaves: plain values, a page at most; and of every own key, which lots still need it. A lot is one's
own when one's certificate stands on its sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from bidding.envelope.sheet import CustodySheet, read_sheet
from bidding.envelope.x25519 import Recipient
from bidding.models import CustodyKey, Release, Sheet
from bidding.rules import BODIES
from ledger.actor import Actor
from ledger.errors import _
from trading.models import Certificate, Lot, Tender
from trading.stages import ENDED, UNSEALED, Stage

SHOWN = 50
WAITING, COUNTING, DUE, GIVEN = "waiting", "counting", "due", "given"
WORDS = {
    WAITING: (_("Bids are being taken"), "still", "clock"),
    COUNTING: (_("Bids are being counted"), "busy", "waiting"),
    DUE: (_("Your shares are due"), "busy", "key"),
    GIVEN: (_("Shares given"), "good", "check"),
}
OVER = UNSEALED | ENDED  # a signed opening record, or nothing will ever be opened
STATES = {Stage.BIDDING: WAITING, Stage.CLOSING: COUNTING, Stage.CLOSED: DUE, Stage.OPENING: DUE}


@dataclass(frozen=True)
class Duty:
    """A lot whose opening needs this custodian: under which leaf, and how far it is (waiting, counting, due, given)."""

    lot: Lot
    leaf: str
    state: str

    @property
    def href(self) -> str:
        """Where the shares are given."""
        return reverse("bidding:giving", kwargs={"lot": self.lot.code})

    @property
    def facts(self) -> dict[str, Any]:
        """For machines."""
        deadline = self.lot.deadline.isoformat() if self.lot.deadline else ""
        named = {"lot": self.lot.code, "title": self.lot.title, "tender": self.lot.tender.title}
        return {**named, "deadline": deadline, "leaf": self.leaf, "state": self.state, "href": self.href}


def of_body(actor: Actor) -> Q:
    """Tenders in which the actor's organisation keeps custody."""
    code = actor.organisation
    return Q(agent__code=code) | Q(centre__code=code) | Q(regulator__code=code)


def duties(actor: Actor) -> list[Duty]:
    """The openings that wait for this person, by deadline; what was given stays until the opening is over."""
    if not actor.organisation:
        return []
    tenders = Tender.objects.filter(of_body(actor), stage="published")
    lots = Lot.objects.filter(tender__in=tenders, stage__in=[str(stage) for stage in STATES], deadline__isnull=False)
    near = list(lots.select_related("tender").order_by("deadline", "code")[:SHOWN])
    leaves = _leaves(near, actor)
    given = set(Release.objects.filter(lot__in=near, custodian__code=actor.code).values_list("lot_id", "round"))
    return [
        Duty(lot, leaves[lot.pk], GIVEN if (lot.pk, lot.tender.round) in given else STATES[Stage(lot.stage)])
        for lot in near
        if leaves.get(lot.pk)
    ]


def keys_held(actor: Actor) -> dict[str, list[str]]:
    """Each public key that this person ever registered or that stands for them on a sheet, with the lots for which it
    must not be destroyed yet: a tender's key is needed until every lot of it has a signed record or has failed
    (sealing.md, "Policy and custody sheet"). An empty list: nothing needs it any more.
    """
    mine, lots = _certificates(actor), Lot.objects.filter(tender__in=Tender.objects.filter(of_body(actor)))
    waiting = list(lots.exclude(stage__in=[str(stage) for stage in OVER]).select_related("tender").order_by("code"))
    held: dict[str, set[str]] = {}
    for row in CustodyKey.objects.filter(account__code=actor.code).select_related("tender"):
        needing = {lot.code for lot in waiting if lot.tender_id == row.tender_id and row.round == row.tender.round}
        held.setdefault(str(Recipient(bytes(row.key))), set()).update(needing)
    rounds = {lot.pk: lot.tender.round for lot in waiting}
    for sheet in Sheet.objects.filter(lot__in=waiting, sealed=True, superseded=False):
        if sheet.lot_id is not None and sheet.round == rounds[sheet.lot_id]:
            content = read_sheet(bytes(sheet.data))
            for leaf in content.leaves:
                if leaf.certificate.hex() in mine:
                    held.setdefault(str(Recipient(leaf.key)), set()).add(content.lot)
    return {key: sorted(codes) for key, codes in sorted(held.items())}


def _certificates(actor: Actor) -> set[str]:
    return set(Certificate.objects.filter(account__code=actor.code).values_list("fingerprint", flat=True))


def _leaves(lots: Sequence[Lot], actor: Actor) -> dict[int, str]:
    """The actor's leaf on the sheet in force of each lot."""
    rounds = {lot.pk: lot.tender.round for lot in lots}
    rows = Sheet.objects.filter(lot__in=lots, sealed=True, superseded=False)
    found = {row.lot_id: row for row in rows if row.lot_id is not None and row.round == rounds[row.lot_id]}
    mine = _certificates(actor)
    return {pk: _leaf_of(read_sheet(bytes(row.data)), mine, BODIES[actor.role]) for pk, row in found.items()}


def _leaf_of(sheet: CustodySheet, mine: AbstractSet[str], letter: str) -> str:
    own = (leaf.label for leaf in sheet.leaves if leaf.certificate.hex() in mine and leaf.label[0] == letter)
    return next(own, "")


def table_of(found: Sequence[Duty]) -> dict[str, Any]:
    """The list as parts/data_table.html takes it."""
    rows = []
    for duty in found:
        word, tone, icon_name = WORDS[duty.state]
        badge = {"badge": {"word": gettext(word), "tone": tone, "icon_name": icon_name}}
        there = {"text": duty.lot.code, "href": duty.href}
        title = f"{duty.lot.tender.title} · {duty.lot.title}"
        rows.append({"cells": [there, title, duty.lot.deadline, duty.leaf, badge]})
    columns = [
        {"label": gettext("Lot"), "kind": "text"},
        {"label": gettext("Project and lot"), "kind": "text"},
        {"label": gettext("Bids until"), "kind": "time"},
        {"label": gettext("My key"), "kind": "text"},
        {"label": gettext("State"), "kind": "text"},
    ]
    return {"columns": columns, "rows": rows}
