"""The hall's door: why it stays shut."""

from __future__ import annotations

import pytest

from bidding.models.opening import Hall as HallRow
from ledger.errors import Refused
from tests.bidding.full_hall import Hall
from tests.world import World
from trading.objections import answer, object_to_papers


def test_the_hall_stays_shut_while_an_objection_to_the_papers_is_unanswered(world: World) -> None:
    hall = Hall(world)
    made = object_to_papers(hall.lot, "The clause on local offices shuts others out.", actor=world.bidder(9).actor)
    for number in (1, 2, 3):
        hall.submit(number)
    hall.count()
    with pytest.raises(Refused) as refusal:
        hall.open()
    assert refusal.value.codes == ["trading.objection_unanswered"]
    assert list(HallRow.objects.all()) == []
    answer(made, "The clause on offices is struck.", actor=world.agent.actor)
    hall.open()
    assert HallRow.objects.count() == 1
