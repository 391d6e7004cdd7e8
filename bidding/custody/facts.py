"""What pages and clients are shown of custody: keys, sheets, signatures, the policy in words.

Enters: tenders, lots. Leaves: plain values for JSON and templates; nothing here is secret.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.utils.translation import gettext

from bidding.custody.key_statement import POLICY
from bidding.custody.sheets import label_of, sheets_of
from bidding.custody.signed_sheet import groups
from bidding.envelope.policy import in_words, parse_policy
from bidding.envelope.sheet import read_sheet
from bidding.envelope.x25519 import Recipient
from bidding.models import CustodyKey, Sheet
from ledger.actor import Actor
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
    content = read_sheet(bytes(sheet.data))
    names = dict(
        Party.objects.filter(credit_code__in=[x.holder for x in content.leaves]).values_list("credit_code", "name")
    )
    found = Certificate.objects.filter(fingerprint__in=[leaf.certificate.hex() for leaf in content.leaves])
    certificates = {row.fingerprint: text64(row.der) for row in found}
    return {
        "lot": content.lot,
        "round": content.round,
        "policy": content.policy,
        "words": policy_words(content.policy),
        "sheet": text64(sheet.data),
        "digest": sheet.digest,
        "sealed": sheet.sealed,
        "signatures": {row.label: text64(row.signature) for row in sheet.signatures.all()},
        "leaves": [
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
        ],
    }


def lot_sheet_facts(lot: Lot) -> dict[str, Any]:
    """The sheet in force for a lot; absent when there is none."""
    sheet = sheets_of(lot).first()
    if sheet is None:
        raise absent()
    return sheet_facts(sheet)


def custody_facts(tender: Tender, actor: Actor) -> dict[str, Any]:
    """What a custodian sees of a tender: own label, registered keys, the sheets to sign."""
    keys = CustodyKey.objects.filter(tender=tender, round=tender.round).order_by("label")
    sheets = Sheet.objects.filter(lot__tender=tender, round=tender.round, superseded=False).order_by("lot__number")
    party = Party.objects.get(code=actor.organisation)
    return {
        "tender": tender.code,
        "title": tender.title,
        "round": tender.round,
        "stage": tender.stage,
        "policy": POLICY,
        "words": policy_words(POLICY),
        "label": label_of(actor),
        "holder": party.credit_code,
        "keys": [
            {
                "label": row.label,
                "holder": row.holder,
                "key": str(Recipient(bytes(row.key))),
                "key_words": key_words(row.key),
            }
            for row in keys
        ],
        "sheets": [sheet_facts(sheet) for sheet in sheets],
    }
