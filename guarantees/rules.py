"""Predicates of the room: who stands how to a guarantee."""

from __future__ import annotations

from guarantees.models import Guarantee
from ledger.actor import Actor
from trading.models import Lot


def is_beneficiary(actor: Actor, on: Guarantee) -> bool:
    """The purchaser of the lot's tender."""
    return bool(actor.organisation) and on.lot.tender.purchaser.code == actor.organisation


def is_issuer(actor: Actor, on: Guarantee) -> bool:
    """The body that issued it."""
    return bool(actor.organisation) and on.issuer.code == actor.organisation


def is_party_to(actor: Actor, on: Guarantee) -> bool:
    """Whoever it concerns: bidder, issuer, beneficiary, the tender's agent and regulator."""
    tender = on.lot.tender
    parties = (on.party, on.issuer, tender.purchaser, tender.agent, tender.regulator)
    return bool(actor.organisation) and actor.organisation in {party.code for party in parties}


def is_outside(actor: Actor, on: Lot) -> bool:
    """A bidder that is not itself purchaser, agent, centre or regulator of the tender."""
    tender = on.tender
    around = {tender.purchaser.code, tender.agent.code, tender.centre.code, tender.regulator.code}
    return bool(actor.organisation) and actor.organisation not in around
