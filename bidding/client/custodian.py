"""A custodian's work: register a key, sign the sheets, and, when the hour has come, release the shares of a lot.

Enters: a session, the custodian's key folder. Leaves: signatures and shares, each only after the client's own checks
(sealing.md, "Policy and custody sheet" and "Opening" 2, 3). The private key never leaves the folder.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from bidding.client.keys import KeyFolder, write_private
from bidding.client.session import Session
from bidding.client.submitting import raw_log_key
from bidding.custody.key_statement import POLICY, key_record
from bidding.envelope.sheet import CustodySheet, read_sheet
from bidding.opening.giving import Progress, give, no_progress
from ledger.errors import _, refused


def register_key(session: Session, folder: KeyFolder, tender: str) -> dict[str, Any]:
    """Register the folder's custodian key for all lots of a tender."""
    facts = session.get(f"/bidding/tenders/{tender}/custody")
    key = folder.custodian_key().recipient.key
    data = key_record(tender, facts["round"], facts["label"], facts["holder"], key)
    return session.post(f"/bidding/tenders/{tender}/key", {"key": key, "signature": folder.pen().sign(data)})


def sign_sheets(session: Session, folder: KeyFolder, tender: str) -> dict[str, Any]:
    """Sign the sheet of every lot, after the own key was found under the own label in each; keeps what was signed."""
    facts = session.get(f"/bidding/tenders/{tender}/custody")
    pen, key, signed = folder.pen(), folder.custodian_key().recipient.key, []
    for one in facts["sheets"]:
        data = base64.b64decode(one["sheet"])
        sheet = read_sheet(data)
        _check_own(sheet, one["lot"], facts, key)
        _keep(folder, one["lot"], data)
        signed.append({"lot": one["lot"], "signature": pen.sign(data)})
    return session.post(f"/bidding/tenders/{tender}/sheets", {"sheets": signed})


def _check_own(sheet: CustodySheet, lot: str, facts: Mapping[str, Any], key: bytes) -> None:
    own = [leaf.label for leaf in sheet.leaves if leaf.key == key and leaf.holder == facts["holder"]]
    if (sheet.lot, sheet.round, sheet.policy) != (lot, facts["round"], POLICY) or own != [facts["label"]]:
        refused("bidding.sheet_not_mine", _("Your own key does not stand under your own label in this custody sheet."))


def _keep(folder: KeyFolder, lot: str, data: bytes) -> None:
    path = folder.path / f"{lot}.sheet"
    path.unlink(missing_ok=True)
    write_private(path, data)


def signed_sheet(folder: KeyFolder, lot: str) -> bytes:
    """The bytes of the sheet of the lot that this custodian signed."""
    path = folder.path / f"{lot}.sheet"
    if not path.exists():
        refused("bidding.sheet_not_signed", _("This custodian has not signed a custody sheet for the lot."))
    return path.read_bytes()


def release(session: Session, folder: KeyFolder, lot: str, *, progress: Progress = no_progress) -> dict[str, Any]:
    """Check, decrypt the own leaves, and post one signed batch for the whole lot."""
    signed, identity = signed_sheet(folder, lot), folder.custodian_key()
    facts = session.get(f"/bidding/lots/{lot}/headers")
    batch = give(
        facts, signed, identity.private, now=session.clock(), log_key=raw_log_key(folder.log_key()), progress=progress
    )
    return session.post(f"/bidding/lots/{lot}/release", batch.body(folder.pen().sign(batch.statement)))
