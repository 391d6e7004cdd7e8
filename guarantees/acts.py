"""The table of acts of guarantees."""

from __future__ import annotations

from guarantees.models import CLAIMED, HELD
from guarantees.rules import is_beneficiary, is_issuer, is_outside, is_party_to
from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from trading.stages import Stage

declare(
    Act("guarantees:cover:lodge", roles(Role.BIDDER), is_outside, stages([Stage.BIDDING])),
    Act("guarantees:guarantee:release", roles(Role.CLOCK), stages=stages([HELD])),
    Act("guarantees:claim:file", roles(Role.PURCHASER), is_beneficiary, stages([HELD])),
    Act("guarantees:claim:form", roles(Role.PURCHASER), is_beneficiary, stages([HELD]), reads=True),
    Act("guarantees:claim:pay", roles(Role.GUARANTOR), is_issuer, stages([CLAIMED])),
    Act(
        "guarantees:guarantee:view",
        roles(Role.BIDDER, Role.GUARANTOR, Role.PURCHASER, Role.AGENT, Role.REGULATOR),
        is_party_to,
        reads=True,
    ),
    Act(
        "guarantees:list:view",
        roles(Role.BIDDER, Role.GUARANTOR, Role.PURCHASER, Role.AGENT, Role.REGULATOR),
        reads=True,
    ),
)
