"""What the pages of guarantees show: contexts for the shared templates, facts for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guarantees.models import CLAIMED, HELD, PAID, RELEASED, Guarantee, Movement
from ledger.actor import Actor
from ledger.rights import may


def facts_of(row: Guarantee) -> dict[str, Any]:
    """The guarantee for machines."""
    return {
        "code": row.code,
        "lot": row.lot.code,
        "bidder": row.party.name,
        "issuer": row.issuer.name,
        "kind": row.kind,
        "number": row.number,
        "amount": str(row.amount),
        "until": row.until.isoformat(),
        "stage": row.stage,
    }


def kind_word(kind: str) -> str:
    """Guarantee or deposit, in the reader's language."""
    return _("Deposit") if kind == "deposit" else _("Guarantee")


def badge(stage: str) -> dict[str, str]:
    """Word, tone and icon of a guarantee's stage."""
    words = {HELD: _("held"), RELEASED: _("released"), CLAIMED: _("claimed"), PAID: _("paid")}
    tones = {HELD: "calm", RELEASED: "good", CLAIMED: "halt", PAID: "still"}
    return {"word": words[stage], "tone": tones[stage]}


def list_context(rows: Sequence[Guarantee]) -> dict[str, Any]:
    """The page of guarantees that concern me."""
    columns = [
        {"label": _("Number"), "kind": "text"},
        {"label": _("Lot"), "kind": "text"},
        {"label": _("Bidder"), "kind": "text"},
        {"label": _("Issuer"), "kind": "text"},
        {"label": _("Amount"), "kind": "money", "unit": _("yuan")},
        {"label": _("Stage"), "kind": "text"},
    ]
    return {
        "title": _("Guarantees and deposits"),
        "columns": columns,
        "caption": _("Newest first"),
        "rows": [{"cells": _cells(row)} for row in rows],
    }


def _cells(row: Guarantee) -> list[Any]:
    link = {"text": row.number, "href": reverse("guarantees:show", args=[row.code])}
    return [link, row.lot.code, row.party.name, row.issuer.name, row.amount, {"badge": badge(row.stage)}]


def page_context(row: Guarantee, actor: Actor) -> dict[str, Any]:
    """One guarantee: facts, stage, what the reader may do."""
    return {
        "kicker": row.lot.code,
        "title": f"{kind_word(row.kind)} {row.number}",
        "stage": badge(row.stage),
        "facts": [
            {"label": _("Bidder"), "value": row.party.name, "minor": True},
            {"label": _("Issuer"), "value": row.issuer.name, "minor": True},
            {"label": _("Amount"), "value": f"{row.amount:,}", "unit": _("yuan")},
            {"label": _("Valid until"), "value": row.until.date().isoformat(), "minor": True},
            *[_movement(movement) for movement in row.movements.order_by("pk")],
        ],
        "actions": _actions(row, actor),
    }


def _movement(row: Movement) -> dict[str, Any]:
    words = {
        "release": _("Released"),
        "refund": _("Refunded to the account it came from"),
        "claim": _("Claimed"),
        "payment": _("Paid to the purchaser"),
    }
    interest = " " + _("with interest of %(amount)s") % {"amount": row.interest} if row.interest else ""
    value = f"{row.amount:,}{interest}" if row.kind != "release" else row.at.date().isoformat()
    return {"label": words[row.kind], "value": value, "minor": True}


def _actions(row: Guarantee, actor: Actor) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if may("guarantees:claim:file", actor, row):
        href = reverse("guarantees:claim_form", args=[row.code])
        actions.append({"name": "claim", "label": _("Demand payment"), "kind": "danger", "href": href})
    if may("guarantees:claim:pay", actor, row):
        post = reverse("guarantees:pay", args=[row.code])
        actions.append({"name": "pay", "label": _("Pay the demand"), "kind": "primary", "post": post})
    return actions


def claim_context(row: Guarantee) -> dict[str, Any]:
    """The form of a claim."""
    grounds_hint = _("Which clause of the tender papers or the law, and what happened.")
    amount = {"name": "amount", "label": _("Amount demanded"), "kind": "money", "value": row.amount, "required": True}
    grounds = {"name": "grounds", "label": _("Grounds"), "kind": "textarea", "hint": grounds_hint, "required": True}
    return {
        "title": _("Demand payment from %(number)s") % {"number": row.number},
        "fields": [{**amount, "unit": _("yuan")}, grounds],
        "action_url": reverse("guarantees:claim", args=[row.code]),
        "submit": _("Demand payment"),
        "cancel_href": reverse("guarantees:show", args=[row.code]),
    }
