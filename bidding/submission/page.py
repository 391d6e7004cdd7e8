"""The bidder's desk and the receipts as pages show them: facts, checklist, rows of tables, in the reader's language.

Enters: the plain facts of `bidding.submission.facts`. Leaves: contexts for the templates of the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bidding.models import Envelope
from bidding.submission.own_forms import asks_bidder, may_give, own_facts, sealed_numbers
from bidding.submission.receipt import CheckedReceipt
from bidding.submission.sealing_form import sealing_facts
from guarantees.lodging import lodged
from ledger.actor import Actor
from ledger.errors import Reason
from trading.enrolment import certificates_of
from trading.handles import handle_for
from trading.models import Lot
from trading.periods import local
from trading.stages import Stage
from trading.telling import told
from trading.words import badge

Facts = Mapping[str, Any]


def _status(*, done: bool, word: str) -> dict[str, str]:
    return {"word": gettext("done") if done else word, "tone": "good" if done else "busy"}


def checklist(lot: Lot, actor: Actor, facts: Facts) -> list[dict[str, Any]]:
    """What must be done before the deadline, in order, with its state."""
    live = any(row["live"] for row in facts["receipts"])
    steps = [
        (
            gettext("The custody sheet is in force: who can open is settled"),
            _there("sheet", lot),
            facts["sheet"] is not None,
        ),
        (gettext("You have a certificate to sign the bid with"), "/certificates", bool(certificates_of(actor))),
        (gettext("The bid is sealed and received"), "", live),
    ]
    if lot.bond:
        row = (gettext("The cover is lodged, sealed"), "", lodged(lot, handle_for(lot, actor)) is not None)
        steps.insert(2, row)
    waiting = gettext("to do")
    return [{"title": title, "href": to, "status": _status(done=done, word=waiting)} for title, to, done in steps]


def _there(name: str, lot: Lot) -> str:
    return reverse(f"bidding:{name}", kwargs={"lot": lot.code})


def _kind(row: Facts) -> dict[str, str]:
    words = {
        "sealed": (gettext("received, live"), "good")
        if row["live"]
        else (gettext("to be sealed again"), "halt")
        if row["stale"]
        else (gettext("received, no longer live"), "still"),
        "withdrawn": (gettext("withdrawal received"), "calm"),
        "refused": (gettext("refused"), "halt"),
        "not_withdrawn": (gettext("withdrawal refused"), "halt"),
    }
    word, tone = words[row["kind"]]
    return {"word": word, "tone": tone}


FILES = (("Word", "paper"), (".record", "record"), (".p7s", "signature"), (".tsr", "timestamp"))
"""Of a receipt: for people; for openssl what was signed, the signature over it, the timestamp over the signature."""


def _file_of(lot: Lot, row: Facts, part: str) -> str:
    return reverse("bidding:receipt_part", kwargs={"lot": lot.code, "number": row["number"], "part": part})


def receipt_rows(lot: Lot, facts: Facts) -> list[dict[str, Any]]:
    """My receipts, newest first, the live one marked."""
    return [
        {
            **row,
            "badge": _kind(row),
            "href": reverse("bidding:receipt", kwargs={"lot": lot.code, "number": row["number"]}),
            "files": [(word, _file_of(lot, row, part)) for word, part in FILES],
            "why": [told(Reason(one["code"], one["text"], one["facts"])) for one in row["reasons"]],
        }
        for row in facts["receipts"]
    ]


def actions(lot: Lot, facts: Facts) -> list[dict[str, Any]]:
    """What the bidder can do now beside sealing: withdraw the live envelope."""
    live = next((row for row in facts["receipts"] if row["live"]), None)
    if live is None or lot.stage != Stage.BIDDING:
        return []
    to = reverse("bidding:withdraw_form", kwargs={"lot": lot.code, "number": live["number"]})
    after = gettext(
        "You will be asked once more. A withdrawn bid is never opened; you may seal another before the deadline."
    )
    return [{"name": "withdraw", "label": gettext("Withdraw the bid"), "kind": "danger", "href": to, "next": after}]


def desk_context(lot: Lot, actor: Actor, facts: Facts) -> dict[str, Any]:
    """Everything for the desk of a lot; `sealing` is what the sealing form in the page is given."""
    return {
        "lot": lot,
        "tender": lot.tender,
        "desk": facts,
        "stage": badge(lot.stage),
        "tasks": checklist(lot, actor, facts),
        "rows": receipt_rows(lot, facts),
        "actions": actions(lot, facts),
        "open_for_bids": lot.stage == Stage.BIDDING,
        "sealing": sealing_facts(lot, facts),
        "asks_bidder": asks_bidder(facts),
        "own": own_facts(lot, facts),
        "sealed_numbers": sealed_numbers(facts),
        "may_give": may_give(lot, facts),
    }


def withdraw_context(lot: Lot, envelope: Envelope) -> dict[str, Any]:
    """The question before a withdrawal."""
    rows = [
        {"label": gettext("Lot"), "value": f"{lot.code} {lot.title}"},
        {"label": gettext("Receipt number"), "value": envelope.number},
        {"label": gettext("Received at"), "value": envelope.stamp},
        {"label": gettext("Digest of the sealed file"), "value": envelope.digest},
    ]
    return {"lot": lot, "rows": rows, "envelope": envelope, "back": _there("desk", lot)}


def said(checked: CheckedReceipt) -> list[dict[str, object]]:
    """What a checked receipt says, line by line."""
    labels = {
        "lot": gettext("Lot"),
        "round": gettext("Round"),
        "submission": gettext("Submission id"),
        "digest": gettext("Digest of the sealed file"),
        "header": gettext("Digest of its header"),
        "size": gettext("Size in bytes"),
        "stamp": gettext("Received at"),
        "number": gettext("Receipt number"),
        "replaces": gettext("Replaces the receipt"),
        "withdraws": gettext("Withdraws the receipt"),
        "codes": gettext("Refused for"),
    }
    values = checked.entry.values
    return [{"label": labels[name], "value": _shown(value)} for name, value in values.items() if value is not None]


def _shown(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M:%S.%f %z}"
    return ", ".join(value) if isinstance(value, tuple) else value
