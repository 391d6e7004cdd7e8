"""What pages and clients are shown of custody: keys, sheets, signatures, the policy in words.

Enters: tenders, lots, who looks. Leaves: plain values for JSON and templates; nothing here is secret.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.utils.translation import gettext

from bidding.custody.composing import REHEARSAL, custodians, keys_of, policy_for, wanted
from bidding.custody.keys import label_for, letter_of, own_labels
from bidding.custody.rehearsal import rehearsal_of, rehearsal_sheet
from bidding.custody.replacing import is_replacing
from bidding.custody.sheets import sheets_of
from bidding.custody.signed_sheet import groups
from bidding.envelope.policy import in_words, parse_policy
from bidding.envelope.sheet import CustodySheet, policy_of, read_sheet, sheet_digest
from bidding.envelope.x25519 import Recipient
from bidding.models import CustodyKey, Rehearsal, Sheet
from ledger import rights
from ledger.actor import Actor
from ledger.canon import encode
from trading.access import absent
from trading.models import Certificate, Lot, Party, Tender


def text64(data: bytes | memoryview) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(bytes(data)).decode()


def key_words(key: bytes | memoryview) -> str:
    """The fingerprint of a public key in groups that people can compare."""
    return groups(hashlib.sha256(bytes(key)).hexdigest())


def policy_words(policy: str) -> str:
    """Who may open, as a sentence in the reader's language."""
    return in_words(parse_policy(policy), gettext)


def sheet_facts(sheet: Sheet) -> dict[str, Any]:
    """A sheet with its signatures and the signers' certificates."""
    return _content_facts(read_sheet(bytes(sheet.data)), sheet)


def _content_facts(content: CustodySheet, sheet: Sheet | None) -> dict[str, Any]:
    """The same for a sheet that may not be stored yet."""
    return {
        "lot": content.lot,
        "round": content.round,
        "policy": content.policy,
        "words": policy_words(content.policy),
        "asks_bidder": policy_of(content).asks_bidder,
        "sheet": text64(encode(content)),
        "digest": sheet_digest(content).hex(),
        "sealed": sheet is not None and sheet.sealed,
        "signatures": {row.label: text64(row.signature) for row in sheet.signatures.all()} if sheet else {},
        "leaves": _leaves(content),
    }


def _leaves(content: CustodySheet) -> list[dict[str, str]]:
    names = dict(
        Party.objects.filter(credit_code__in=[x.holder for x in content.leaves]).values_list("credit_code", "name")
    )
    found = Certificate.objects.filter(fingerprint__in=[leaf.certificate.hex() for leaf in content.leaves])
    certificates = {row.fingerprint: text64(row.der) for row in found}
    return [
        {
            "label": leaf.label,
            "holder": leaf.holder,
            "name": names.get(leaf.holder, ""),
            "key": str(Recipient(leaf.key)),
            "key_words": key_words(leaf.key),
            "fingerprint": leaf.certificate.hex(),
            "certificate": certificates.get(leaf.certificate.hex(), ""),
        }
        for leaf in content.leaves
    ]


def lot_sheet_facts(lot: Lot) -> dict[str, Any]:
    """The sheet in force for a lot; absent when there is none."""
    sheet = sheets_of(lot).first()
    if sheet is None:
        raise absent()
    return sheet_facts(sheet)


def _key_facts(row: CustodyKey, actor: Actor) -> dict[str, Any]:
    return {
        "label": row.label,
        "holder": row.holder,
        "person": row.account.display,
        "mine": row.account.code == actor.code,
        "key": str(Recipient(bytes(row.key))),
        "key_words": key_words(row.key),
    }


def _sheets(tender: Tender, label: str) -> list[dict[str, Any]]:
    """The sheets of lots whose bids are over, then those that follow from the present keys, the rehearsal's last."""
    contents = wanted(tender)
    over = Sheet.objects.filter(lot__tender=tender, round=tender.round, sealed=True, superseded=False)
    kept = [sheet_facts(row) for row in over.exclude(lot__code__in=[one.lot for one in contents]).order_by("pk")]
    rows = Sheet.objects.filter(digest__in=[sheet_digest(one).hex() for one in contents], superseded=False)
    stored = {row.digest: row for row in rows.prefetch_related("signatures")}
    shown = [*kept, *(_content_facts(one, stored.get(sheet_digest(one).hex())) for one in contents)]
    return [
        {**one, "rehearsal": one["round"] == REHEARSAL, "signed_by_me": label in one["signatures"]} for one in shown
    ]


def rehearsal_state(tender: Tender) -> dict[str, Any]:
    """How far the rehearsal with the present keys is."""
    sheet, row = rehearsal_sheet(tender), rehearsal_of(tender)
    if row is not None:
        given = sorted(row.shares.values_list("leaf", flat=True))
        return {"state": row.state, "given": given, "sets": row.sets, "reason": row.reason}
    state = "no_keys" if sheet is None else "unsealed" if sheet.sealed else "unsigned"
    return {"state": state, "given": [], "sets": [], "reason": ""}


def rehearsal_facts(tender: Tender) -> dict[str, Any]:
    """What a custodian's client needs for the rehearsal: sheet and header, "" before they are there."""
    sheet, row = rehearsal_sheet(tender), rehearsal_of(tender)
    return {
        "tender": tender.code,
        "round": REHEARSAL,
        **rehearsal_state(tender),
        "sheet": text64(sheet.data) if sheet and sheet.sealed else "",
        "submission": row.submission if row else "",
        "size": len(row.data) if row else 0,
        "header": text64(row.header) if row else "",
        "open": row is not None and row.state == Rehearsal.WAITING,
    }


def custody_facts(tender: Tender, actor: Actor) -> dict[str, Any]:
    """What a custodian sees of a tender: policy, own leaves, registered keys, the sheets to sign, the rehearsal."""
    policy, keys = policy_for(tender), keys_of(tender)
    party, label = Party.objects.get(code=actor.organisation), label_for(tender, actor)
    return {
        "tender": tender.code,
        "title": tender.title,
        "round": tender.round,
        "stage": tender.stage,
        "policy": policy.text,
        "words": policy_words(policy.text),
        "may_choose": rights.may("bidding:policy:choose", actor, tender),
        "holder": party.credit_code,
        "name": party.name,
        "letter": letter_of(actor),
        "labels": own_labels(tender, actor),
        "label": label,
        "keys": [_key_facts(row, actor) for row in keys.values()],
        "missing": [one for one in custodians(policy) if one not in keys],
        "sheets": _sheets(tender, label),
        "rehearsal": rehearsal_state(tender),
        "replacing": is_replacing(tender),
    }
