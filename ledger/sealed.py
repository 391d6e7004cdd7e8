"""Which lots are secret now: asked by the ledger, answered by the rooms above, which know what a lot is.

Enters: `@sealed_by(name)` on the answer of a room. Leaves: the scopes whose bids are still sealed. Rounds of veiled
entries go on while there is one, and a round is lifted when none of its scopes is among them.
"""

from __future__ import annotations

from collections.abc import Callable

Answer = Callable[[], set[str]]
ASKED: dict[str, Answer] = {}


def sealed_by(name: str) -> Callable[[Answer], Answer]:
    """Register the answer of a room under its name."""

    def mark(answer: Answer) -> Answer:
        if ASKED.get(name, answer) is not answer:
            raise ValueError(f"{name} says twice what is sealed")
        ASKED[name] = answer
        return answer

    return mark


def sealed_scopes() -> frozenset[str]:
    """Every scope that is sealed now."""
    return frozenset().union(*(answer() for answer in ASKED.values()))
