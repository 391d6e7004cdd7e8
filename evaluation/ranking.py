"""Pure. Points and prices become a ranking, a ranking becomes candidates (domain.md 5.8; Bidding Regulation 53).

Enters: standings of admitted bids. Leaves: places from 1, ties named, at most the number of candidates the procedure
allows. A tie is never broken by anything that no rule names: not by the order of arrival, not by the bid's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.errors import Reason, _

ZERO = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """A bid before it is ranked: `total` points, evaluated `price` in yuan, `technical` points."""

    bid: str
    total: Decimal
    price: Decimal
    technical: Decimal = ZERO


@dataclass(frozen=True)
class Ranked:
    """A bid at its place; bids that no rule tells apart share one and are `tied`."""

    place: int
    standing: Standing
    tied: bool

    @property
    def bid(self) -> str:
        """The bid's code."""
        return self.standing.bid


def by_score(standings: Iterable[Standing]) -> list[Ranked]:
    """Highest total first; at equal totals the lower price, then the higher technical points."""
    return _placed([((-one.total, one.price, -one.technical), one) for one in standings])


def by_price(prices: Mapping[str, Decimal]) -> list[Ranked]:
    """The lowest evaluated price first (经评审的最低投标价法); equal prices are tied."""
    return _placed([((price,), Standing(bid, ZERO, price)) for bid, price in prices.items()])


def candidates(ranked: Sequence[Ranked], most: int = 3) -> list[Ranked]:
    """The first places, `most` at most. Those sharing the last one are all there; `tie_blockers` says so."""
    return [one for one in ranked if one.place <= most]


def tie_blockers(ranked: Sequence[Ranked], most: int = 3) -> list[Reason]:
    """One `evaluation.tied` for each shared place among the candidates: the committee decides by the document."""
    text = _("%(bids)s share place %(place)s; the committee decides by the tender document.")
    shared = sorted({one.place for one in candidates(ranked, most) if one.tied})
    return [
        Reason(
            "evaluation.tied",
            text,
            {"place": str(place), "bids": ", ".join(one.bid for one in ranked if one.place == place)},
        )
        for place in shared
    ]


def untied(ranked: Sequence[Ranked], decided: Sequence[str]) -> list[Ranked]:
    """The ranking after the committee put tied bids in the order `decided`; each tied group must be named whole.

    A ValueError if a name is not tied or a group is named in part: the caller checked the committee's form.
    """
    order = {bid: at for at, bid in enumerate(decided)}
    if len(order) != len(decided) or any(bid not in {one.bid for one in ranked if one.tied} for bid in decided):
        raise ValueError("only tied bids are put in order, each once")
    result: list[Ranked] = []
    for place in sorted({one.place for one in ranked}):
        group = [one for one in ranked if one.place == place]
        named = [one for one in group if one.bid in order]
        if named and len(named) != len(group):
            raise ValueError("a tie is decided whole")
        if named:
            group = [
                Ranked(place + at, one.standing, tied=False)
                for at, one in enumerate(sorted(group, key=lambda one: order[one.bid]))
            ]
        result += group
    return result


def _placed(keyed: list[tuple[tuple[Decimal, ...], Standing]]) -> list[Ranked]:
    # The code orders the list among equals so that two runs agree; the place is what counts, and it is shared.
    rows = sorted(keyed, key=lambda row: (row[0], row[1].bid))
    keys = [key for key, _standing in rows]
    return [Ranked(keys.index(key) + 1, standing, tied=keys.count(key) > 1) for key, standing in rows]
