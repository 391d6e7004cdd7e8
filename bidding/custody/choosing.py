"""Choosing: the agent settles, while a tender is a draft, who together may open its bids (sealing.md, "Policy").

Enters: the text of a policy. Leaves: its own ledger entry, and the sheets written anew; keys of leaves that are no
longer in it are dropped. Until the notice it may be chosen again; without a choice the default holds.
"""

from __future__ import annotations

from contextlib import suppress

from bidding.custody.composing import UnchangedError, compose
from bidding.custody.events import PolicyChosen
from bidding.envelope.policy import BIDDER, Policy, parse_policy
from bidding.models import CustodyKey, CustodyPolicy
from bidding.rules import BODIES
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import _, refused
from trading.models import Tender


def choose_policy(tender: Tender, text: str, *, actor: Actor) -> Policy:
    """Take the policy `text` for all lots of `tender`; refused `bidding.policy_*` for every rule that it breaks.

    The same policy chosen again leaves everything as it is.
    """
    policy = parse_policy(text)
    if not {leaf.body for leaf in policy.leaves} <= {BIDDER, *BODIES.values()}:
        refused("bidding.policy_body", _("The letters of a policy are a, c and r, the bodies of the tender, and b."))
    with suppress(UnchangedError), act("bidding:policy:choose", actor, on=tender) as this:
        number = this.on.round
        if CustodyPolicy.objects.filter(tender=this.on, round=number, policy=text).exists():
            raise UnchangedError
        CustodyPolicy.objects.update_or_create(tender=this.on, round=number, defaults={"policy": text})
        CustodyKey.objects.filter(tender=this.on, round=number).exclude(label__in=policy.labels).delete()
        this.record(PolicyChosen(tender.code, this.on.round, text))
        compose(this.on)
    return policy
