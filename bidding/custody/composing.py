"""Composing: the sheets that follow from a tender's policy and the keys registered for it (sealing.md, "Policy").

Enters: a tender. Leaves: one sheet for each lot that is a draft or takes bids, and one of round 0 for the rehearsal,
as rows that wait for signatures. After the notice a sheet in force stays so until an addendum brings another.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from bidding.custody.key_statement import POLICY
from bidding.envelope.policy import BIDDER, Policy, parse_policy
from bidding.envelope.sheet import CustodySheet, LeafKey, make_sheet, sheet_digest
from bidding.models import CustodyKey, CustodyPolicy, Rehearsal, Sheet
from ledger.canon import encode
from trading.models import Lot, Tender
from trading.stages import Stage

REHEARSAL = 0


class UnchangedError(Exception):
    """What an act of custody was asked for stands there already: it ends without evidence, and no sheet is void."""


def policy_for(tender: Tender) -> Policy:
    """The policy of the tender: the one that was chosen, or the default."""
    row = CustodyPolicy.objects.filter(tender=tender, round=tender.round).first()
    return parse_policy(row.policy if row else POLICY)


def custodians(policy: Policy) -> list[str]:
    """The labels of a policy that custodians hold, from left to right."""
    return [label for label in policy.labels if label != BIDDER]


def keys_of(tender: Tender) -> dict[str, CustodyKey]:
    """The keys registered for the tender in its present round, by label."""
    rows = CustodyKey.objects.filter(tender=tender, round=tender.round).select_related("account")
    return {row.label: row for row in rows.order_by("label")}


def wanted(tender: Tender) -> list[CustodySheet]:
    """The sheets that follow from policy and keys, the rehearsal's last; none while a key is missing."""
    policy, keys = policy_for(tender), keys_of(tender)
    labels = custodians(policy)
    if not set(labels) <= set(keys):
        return []
    leaves = [
        LeafKey(label, keys[label].holder, bytes.fromhex(keys[label].certificate), bytes(keys[label].key))
        for label in labels
    ]
    lots = Lot.objects.filter(tender=tender, stage__in=[Stage.DRAFT, Stage.BIDDING]).order_by("number")
    sheets = [make_sheet(lot.code, tender.round, policy.text, leaves) for lot in lots]
    return [*sheets, make_sheet(tender.code, REHEARSAL, policy.text, leaves)]


def sheets_for(tender: Tender) -> QuerySet[Sheet]:
    """Every sheet of the tender's lots and of its rehearsal that was not superseded."""
    mine = Q(tender=tender) | Q(lot__tender=tender, round=tender.round)
    return Sheet.objects.filter(mine, superseded=False).order_by("pk")


def waiting_for(tender: Tender) -> QuerySet[Sheet]:
    """Those of them that an act of custody may change: after the notice not the ones in force for bids."""
    rows = sheets_for(tender)
    return rows if tender.stage == "draft" else rows.exclude(lot__isnull=False, sealed=True)


def compose(tender: Tender) -> None:
    """Write the sheets anew, unsigned, after a key or the policy has changed. Refused `bidding.sheet_*`."""
    contents = wanted(tender)
    old = list(waiting_for(tender).values_list("pk", flat=True))
    Sheet.objects.filter(pk__in=old).update(superseded=True)
    Rehearsal.objects.filter(sheet__tender=tender).update(state=Rehearsal.VOID)
    for content in contents:
        row_of(tender, content)


def row_of(tender: Tender, content: CustodySheet) -> Sheet:
    """The row of a wanted sheet, made when it is not there; one that was superseded comes back unsigned."""
    place: dict[str, object] = {"round": content.round, "data": encode(content)}
    if content.round == REHEARSAL:
        place["tender"] = tender
    else:
        place["lot"] = Lot.objects.get(tender=tender, code=content.lot)
    row, _made = Sheet.objects.get_or_create(digest=sheet_digest(content).hex(), defaults=place)
    if row.superseded:
        row.signatures.all().delete()
        row.superseded = row.sealed = False
        row.save(update_fields=["superseded", "sealed"])
    return row
