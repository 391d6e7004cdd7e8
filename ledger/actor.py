"""Pure. Who acts: an opaque code, a role and an organisation's code. Never a foreign key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The hats people wear (domain.md 1.1); one account wears one."""

    PURCHASER = "purchaser"
    AGENT = "agent"
    BIDDER = "bidder"
    EXPERT = "expert"
    GUARANTOR = "guarantor"
    CENTRE = "centre"
    REGULATOR = "regulator"
    OPERATOR = "operator"
    CLOCK = "clock"
    PUBLIC = "public"


@dataclass(frozen=True)
class Actor:
    """`code` of the account, `role`, and `organisation`: the party's opaque code ("" for a person without one)."""

    code: str
    role: Role
    organisation: str = ""


NOBODY = Actor("", Role.PUBLIC)
THE_CLOCK = Actor("clock", Role.CLOCK)
