"""Handles of the bidders of a lot, from the root in the settings. Enters: lot, credit code or actor. Leaves: hex."""

from __future__ import annotations

from django.conf import settings

from ledger.actor import Actor
from trading.handle import handle
from trading.models import Lot, Party


def handle_of(lot: Lot, credit_code: str) -> str:
    """The handle of an organisation in the present round of `lot`: 64 hex digits."""
    return handle(settings.HANDLE_KEY, lot.code, lot.tender.round, credit_code).hex()


def handle_for(lot: Lot, actor: Actor) -> str:
    """The handle of the actor's organisation in `lot`; "" for somebody without one."""
    credit_code = Party.objects.filter(code=actor.organisation).values_list("credit_code", flat=True).first()
    return handle_of(lot, credit_code) if credit_code else ""
