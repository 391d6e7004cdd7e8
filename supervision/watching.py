"""What the alarm rules look at when the log has news.

Enters: an entry about a lot. Leaves: hints. Prices come from the entry or from the object that it names; scores from
the sheets that are disclosed by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from bidding.hall.reading import SPACE
from bidding.opening.events import Readout
from evaluation.engine import criteria
from evaluation.rules import room_of
from evaluation.scoring import Part, member_totals
from evaluation.standing import points
from ledger import objects
from ledger.canon import decode
from supervision import alarms
from supervision.alarms import Hint
from trading import method
from trading.models import Lot

Values = Mapping[str, Any]


def _prices(lot: Lot, values: Values) -> Iterable[Hint]:
    bids = values["bids"] or decode(Readout, objects.read(f"{SPACE}/{values['table'].hex()}")).bids
    return alarms.prices({bid.number: bid.price for bid in bids}, lot.ceiling)


def _scores(lot: Lot, _values: Values) -> Iterable[Hint]:
    room = room_of(lot)
    return alarms.scores(_totals(lot, points(room))) if room else ()


def _totals(lot: Lot, sheets: Mapping[str, Mapping[str, Mapping[str, Decimal]]]) -> dict[int, dict[str, Decimal]]:
    part = Part("technical", tuple(criteria(method.parse(lot.method))))
    numbers = dict(lot.bids.values_list("code", "number"))
    bids = {bid for sheet in sheets.values() for bid in sheet}
    return {numbers[bid]: member_totals(part, sheets, bid) for bid in sorted(bids)}


LOOKS: Mapping[str, Callable[[Lot, Values], Iterable[Hint]]] = {
    "bidding:envelope:decided": lambda _lot, said: alarms.decided(
        said["number"], said["state"], said["reason"], said["side"]
    ),
    "bidding:lot:failed": lambda _lot, said: alarms.failed(said["count"], said["least"]),
    "bidding:prices:read": _prices,
    "experts:draw:voided": lambda _lot, said: alarms.voided(said["draw"], said["reason"]),
    "evaluation:scores:counted": _scores,
}


def hints(lot: Lot, tag: str, values: Values) -> list[Hint]:
    """What the rules find in an entry."""
    return list(LOOKS[tag](lot, values)) if tag in LOOKS else []
