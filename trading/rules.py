"""Who stands how to a tender or a lot: the predicates that the tables of acts are made of.

Enters: an actor and a tender or lot. Leaves: yes or no. Organisations are compared by their opaque codes.
"""

from __future__ import annotations

from ledger.actor import Actor
from trading.models import Award, Lot, Participant, Tender

On = Tender | Lot | None


def tender_of(on: Tender | Lot) -> Tender:
    """The tender that `on` is or belongs to."""
    return on.tender if isinstance(on, Lot) else on


def is_purchaser(actor: Actor, on: On) -> bool:
    """Whether the actor's organisation buys."""
    return on is not None and bool(actor.organisation) and tender_of(on).purchaser.code == actor.organisation


def is_agent(actor: Actor, on: On) -> bool:
    """Whether the actor's organisation is the agent that runs the tender."""
    return on is not None and bool(actor.organisation) and tender_of(on).agent.code == actor.organisation


def is_regulator(actor: Actor, on: On) -> bool:
    """Whether the actor's organisation watches over the tender."""
    return on is not None and bool(actor.organisation) and tender_of(on).regulator.code == actor.organisation


def is_centre(actor: Actor, on: On) -> bool:
    """Whether the tender is traded in the actor's centre."""
    return on is not None and bool(actor.organisation) and tender_of(on).centre.code == actor.organisation


def is_side(actor: Actor, on: On) -> bool:
    """Purchaser or agent: who makes the tender and answers for it."""
    return is_purchaser(actor, on) or is_agent(actor, on)


def is_around(actor: Actor, on: On) -> bool:
    """One of the four parties around the tender: they see it as a draft."""
    return is_side(actor, on) or is_centre(actor, on) or is_regulator(actor, on)


def is_open_to(actor: Actor, on: On) -> bool:
    """Whether the actor may see it: everybody once it is published, before that those around it."""
    if on is None:
        return False
    shown = on.stage != "draft" if isinstance(on, Tender) else on.tender.stage != "draft"
    return shown or is_around(actor, on)


def has_organisation(actor: Actor, _on: object) -> bool:
    """Whether the actor acts for an organisation at all."""
    return bool(actor.organisation)


def took_part(actor: Actor, on: On) -> bool:
    """Whether a bid of the actor's organisation was opened for the lot; known from the publicity on."""
    if not isinstance(on, Lot) or not actor.organisation:
        return False
    return Participant.objects.filter(lot=on, party__code=actor.organisation).exists()


def is_winner(actor: Actor, on: On) -> bool:
    """Whether the last award of the lot went to the actor's organisation."""
    if not isinstance(on, Lot) or not actor.organisation:
        return False
    award = Award.objects.filter(lot=on).select_related("candidate__party").first()
    return award is not None and award.candidate.party.code == actor.organisation


def is_contract_side(actor: Actor, on: On) -> bool:
    """Purchaser or winner: who signs the contract."""
    return is_purchaser(actor, on) or is_winner(actor, on)


def is_concerned(actor: Actor, on: On) -> bool:
    """Those around the tender and those whose bids were opened."""
    return is_around(actor, on) or took_part(actor, on)


def sees_contract(actor: Actor, on: On) -> bool:
    """The sides of the contract, and who stands around the tender."""
    return is_around(actor, on) or is_winner(actor, on)
