"""A custodian's work: register a key, sign the sheets, rehearse, and, when the hour has come, release a lot's shares.

Enters: a session, the custodian's key folder. Leaves: signatures and shares, each only after the client's own checks
(sealing.md, "Policy and custody sheet" and "Opening" 2, 3). The private key never leaves the folder.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from bidding.client import rehearsing
from bidding.client.keys import KeyFolder, write_private
from bidding.client.reading import read_object
from bidding.client.session import Session
from bidding.client.submitting import raw_log_key
from bidding.custody.key_statement import key_record
from bidding.custody.signed_sheet import check_signed_sheet, credit_code_of
from bidding.envelope.policy import parse_policy
from bidding.envelope.sheet import CustodySheet, read_sheet
from bidding.envelope.x25519 import Identity
from bidding.opening.giving import Progress, give, no_progress
from ledger import cms
from ledger.errors import _, refused

Show = Callable[[CustodySheet, Mapping[str, str]], None]


def choose_policy(session: Session, tender: str, policy: str) -> dict[str, Any]:
    """Settle who together may open the bids of a draft tender (agent)."""
    parse_policy(policy)
    return session.post(f"/bidding/tenders/{tender}/policy", {"policy": policy})


@dataclass(frozen=True)
class Kept:
    """What a custodian agreed to when registering: the own leaf, and the policy as it was shown then."""

    label: str
    policy: str


def register_key(session: Session, folder: KeyFolder, tender: str, *, label: str = "") -> dict[str, Any]:
    """Register the folder's custodian key for all lots of a tender, under the leaf `label` or the only own one."""
    facts = session.get(f"/bidding/tenders/{tender}/custody")
    key, leaf = folder.custodian_key().recipient.key, label or facts["label"]
    data = key_record(tender, facts["round"], leaf, facts["holder"], key)
    body = {"key": key, "label": leaf, "signature": folder.pen().sign(data)}
    made = session.post(f"/bidding/tenders/{tender}/key", body)
    _write(folder, f"{tender}.leaf", json.dumps({"label": leaf, "policy": facts["policy"]}).encode())
    return made


def nobody(_sheet: CustodySheet, _names: Mapping[str, str]) -> None:
    """Nobody reads along."""


def sign_sheets(session: Session, folder: KeyFolder, tender: str, *, show: Show = nobody) -> dict[str, Any]:
    """Sign the sheet of every lot, after the own key was found under the own label in each; keeps what was signed.

    `show` hears of each sheet before it is signed: as its very bytes say, and by what names the site calls its holders.
    A sheet that carries the own signature is checked, shown and kept like the others, and not signed again.
    """
    facts, kept = session.get(f"/bidding/tenders/{tender}/custody"), registered(folder, tender)
    pen, key, signed = folder.pen(), folder.custodian_key().recipient.key, []
    for one in facts["sheets"]:
        if one["sealed"]:
            continue
        data = base64.b64decode(one["sheet"])
        number = rehearsing.ROUND if one["rehearsal"] else facts["round"]
        sheet = read_sheet(data)
        show(sheet, {leaf["holder"]: leaf["name"] for leaf in one["leaves"]})
        check_to_sign(sheet, (one["lot"], number), kept, key, pen.certificate)
        _write(folder, _name(one["lot"], data), data)
        if not one["signed_by_me"]:
            signed.append({"lot": one["lot"], "signature": pen.sign(data)})
    if not signed:
        return {"tender": tender, "sealed": [], "signed": []}
    made = session.post(f"/bidding/tenders/{tender}/sheets", {"sheets": signed})
    return {**made, "signed": [one["lot"] for one in signed]}


def check_to_sign(
    sheet: CustodySheet, place: tuple[str, int], kept: Kept, key: bytes, certificate: x509.Certificate
) -> None:
    """Refused unless the sheet is that of `place` (lot, round) under the policy that was agreed to, and the own key
    stands in it once: under the own label, body and certificate. `bidding.other_sheet`, `.policy_changed`,
    `.sheet_not_mine`.
    """
    if (sheet.lot, sheet.round) != place:
        refused("bidding.other_sheet", _("The custody sheet is that of another lot or round."))
    if sheet.policy != kept.policy:
        text = _("The policy is another than when you registered your key: read it, then register your key again.")
        refused("bidding.policy_changed", text)
    own = [(leaf.label, leaf.holder, leaf.certificate.hex()) for leaf in sheet.leaves if leaf.key == key]
    if own != [(kept.label, credit_code_of(certificate), cms.fingerprint(certificate))]:
        refused("bidding.sheet_not_mine", _("Your own key does not stand under your own label in this custody sheet."))


def registered(folder: KeyFolder, tender: str) -> Kept:
    """What this custodian registered for the tender."""
    path = folder.path / f"{tender}.leaf"
    if not path.exists():
        refused("bidding.key_not_registered", _("This custodian has not registered a key for the tender."))
    facts = read_object(path) or {}
    if not {"label", "policy"} <= facts.keys():
        text = _("%(name)s is damaged: register your key again.")
        refused("client.registration_damaged", text, name=str(path))
    return Kept(str(facts["label"]), str(facts["policy"]))


def _write(folder: KeyFolder, name: str, data: bytes) -> None:
    path = folder.path / name
    path.unlink(missing_ok=True)
    write_private(path, data)


def _name(code: str, data: bytes) -> str:
    return f"{code}.{hashlib.sha256(data).hexdigest()[:16]}.sheet"


def signed_sheet(folder: KeyFolder, code: str, shown: bytes) -> bytes:
    """The sheet that the site shows for a lot or a rehearsal, when this custodian signed these very bytes."""
    if not list(folder.path.glob(f"{code}.*.sheet")):
        refused("bidding.sheet_not_signed", _("This custodian has not signed a custody sheet for the lot."))
    path = folder.path / _name(code, shown)
    if not path.exists() or path.read_bytes() != shown:
        refused("bidding.other_sheet_shown", _("The site shows another custody sheet than the one you signed."))
    return shown


def agreed_sheet(session: Session, folder: KeyFolder, lot: str, shown: bytes) -> bytes:
    """The sheet shown for a lot, once it is sure that this custodian signed it: with this client, which kept it, or
    elsewhere, as in the page: then the own signature stands under it among those of all custodians.
    """
    if list(folder.path.glob(f"{lot}.*.sheet")):
        return signed_sheet(folder, lot, shown)
    given = session.get(f"/bidding/lots/{lot}/sheet")["signatures"]
    signatures = {label: base64.b64decode(signature) for label, signature in given.items()}
    sheet = check_signed_sheet(shown, signatures, folder.roots(), session.clock())
    own = cms.fingerprint(folder.certificate())
    if sheet.lot != lot or own not in {leaf.certificate.hex() for leaf in sheet.leaves}:
        refused("bidding.sheet_not_signed", _("This custodian has not signed a custody sheet for the lot."))
    return shown


def due(session: Session) -> list[dict[str, Any]]:
    """The openings that wait for this custodian, by deadline: lot, leaf, state (waiting, counting, due, given)."""
    return list(session.get("/bidding/custody")["openings"])


def _identity(folder: KeyFolder, sheet: bytes) -> Identity:
    """The one of the own keys that stands in the sheet: after a replacement the earlier one may still be needed."""
    newest, on_it = folder.custodian_key(), {leaf.key for leaf in read_sheet(sheet).leaves}
    if newest.recipient.key in on_it:
        return newest
    return next((one for one in folder.earlier_custodian_keys() if one.recipient.key in on_it), newest)


def rehearse(session: Session, folder: KeyFolder, tender: str) -> str:
    """Do the own part of the rehearsal: the agent seals the dummy bid, everybody gives a share. Returns the state."""
    facts = session.get(f"/bidding/tenders/{tender}/custody")
    if facts["letter"] == "a" and facts["rehearsal"]["state"] in {"unsealed", "failed"}:
        shown = base64.b64decode(session.get(f"/bidding/tenders/{tender}/rehearsal")["sheet"])
        made = rehearsing.seal_dummy(signed_sheet(folder, tender, shown), facts["name"], folder.pen(), session.clock())
        body: dict[str, object] = {"envelope": made.envelope}
        if made.own_share:
            body["own_share"] = made.own_share
        session.post(f"/bidding/tenders/{tender}/rehearsal/seal", body)
    told = session.get(f"/bidding/tenders/{tender}/rehearsal")
    if told["open"] and registered(folder, tender).label not in told["given"]:
        signed = signed_sheet(folder, tender, base64.b64decode(told["sheet"]))
        share = rehearsing.give(told, signed, _identity(folder, signed).private)
        signature = folder.pen().sign(share.statement)
        given = {"leaf": share.leaf, "share": share.share, "signature": signature}
        session.post(f"/bidding/tenders/{tender}/rehearsal/share", given)
    return str(session.get(f"/bidding/tenders/{tender}/rehearsal")["state"])


def replace_sheets(
    session: Session, tender: str, title: str, text: str, *, deadline: datetime | None = None
) -> dict[str, Any]:
    """Bring sheets with new keys into force by an addendum (agent); the deadline moves by the rule for addenda."""
    body: dict[str, Any] = {"title": title, "text": text}
    return session.post(
        f"/bidding/tenders/{tender}/sheets/replace", body | ({"deadline": deadline} if deadline else {})
    )


def release(session: Session, folder: KeyFolder, lot: str, *, progress: Progress = no_progress) -> dict[str, Any]:
    """Check, decrypt the own leaves, and post one signed batch for the whole lot."""
    facts = session.get(f"/bidding/lots/{lot}/headers")
    signed = agreed_sheet(session, folder, lot, base64.b64decode(facts["sheet"]))
    private, log_key = _identity(folder, signed).private, raw_log_key(folder.log_key())
    witnesses, now = folder.witnesses(), session.clock()
    batch = give(facts, signed, private, now=now, log_key=log_key, witnesses=witnesses, progress=progress)
    return session.post(f"/bidding/lots/{lot}/release", batch.body(folder.pen().sign(batch.statement)))
