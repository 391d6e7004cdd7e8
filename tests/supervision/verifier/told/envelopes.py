"""Checks 15 to 17: counts in a list of their own, stamps on the edge, envelopes that went twice or were never there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bidding.submission.count import Count
from ledger.canon import encode
from tests.supervision.forger import Forger, Lie
from tests.supervision.verifier.told.places import beside

ONE, TWO, THREE = "sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3"
CLOSED, SEALED = "bidding:lot:closed", "bidding:envelope:sealed"


def listed(where: str = ONE, *, is_kept: bool = True, **values: Any) -> Lie:
    """The count of a lot in a list of its own, which may say something else, or not be in the bundle."""

    def lie(forger: Forger) -> None:
        closing = forger.case.one(CLOSED, lot=where)
        count = replace(Count(where, closing["round"], closing["envelopes"]), **values)
        digest = forger.put(encode(count))
        if not is_kept:
            del forger.objects[digest.hex()]
        forger.say(closing, envelopes=(), listed=digest)

    return lie


LIES: list[tuple[int, str, str, Lie]] = [
    *((number, "whole", what, lie) for number in (16, 18, 19) for what, lie in (
        ("counted in a list", listed()),
        ("counted in a list that is not here", listed(is_kept=False)),
        ("counted in a list of another lot", listed(lot=TWO)),
        ("counted in a list of another round", listed(round=9)),
        ("counted in an empty list", listed(envelopes=())),
    )),
    (17, "whole", "a failure noticed where the lot failed",
     beside("trading:failure:noticed", "bidding:lot:failed", TWO)),
]  # fmt: skip
