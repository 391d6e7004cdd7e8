"""Lies by hand, each told to one check, where no lie that is made for every field (lies.py) reaches a rule.

A module here is named after the module of the verifier that it is about, and holds `LIES`: the number of the check,
the tender (saved.py), what is said, the lie.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.supervision.forger import Lie
from tests.supervision.verifier.test_verifying import LIES as KNOWN
from tests.supervision.verifier.told import (
    archive,
    contents,
    covers,
    custody,
    draw,
    envelopes,
    judging,
    log,
    members,
    moments,
    notice,
    opening,
    people,
    receipts,
    record,
    rehearsal,
    result,
    sheets,
    terms,
    veils,
    vouching,
)

Told = tuple[int, str, str, Lie]
MODULES = (
    archive,
    contents,
    covers,
    custody,
    draw,
    envelopes,
    judging,
    log,
    members,
    moments,
    notice,
    opening,
    people,
    receipts,
    record,
    rehearsal,
    result,
    sheets,
    terms,
    veils,
    vouching,
)
EVERY: list[Told] = [
    *((number, "whole", f"by hand: {what}", lie) for number, what, lie in KNOWN),
    *(told for module in MODULES for told in module.LIES),
]
TOLD: Mapping[int, list[tuple[str, str, Lie]]] = {
    number: [(about, what, lie) for at, about, what, lie in EVERY if at == number]
    for number in sorted({number for number, _about, _what, _lie in EVERY})
}
