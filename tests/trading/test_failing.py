"""A lot that failed in a room above is noticed in public, once."""

from __future__ import annotations

import pytest
from django.test import Client

from ledger.events import Entry
from ledger.feed import News
from tests.trading.pages import read
from tests.world import World
from trading import failing, noticing
from trading.models import Lot, Notice
from trading.records import FailureNotice
from trading.stages import Stage


def news(lot: Lot, tag: str, **values: object) -> News:
    return News(41, lot.code, Entry(tag, None, values), 1)


@pytest.mark.parametrize(
    ("tag", "values", "cause", "words"),
    [
        ("bidding:lot:failed", {"count": 2, "least": 3}, "few_bids", "2份，法定至少3份"),
        ("evaluation:lot:failed", {}, "all_rejected", "评标委员会否决所有投标。"),
    ],
)
def test_failure_is_noticed_once(
    world: World, client: Client, tag: str, values: dict[str, object], cause: str, words: str
) -> None:
    lot = world.lot(Stage.FAILED)
    failing.hear(news(lot, tag, **values))
    failing.hear(news(lot, tag, **values))

    notice = Notice.objects.get()
    count, least = (2, 3) if values else (None, None)
    assert noticing.record_of(notice) == FailureNotice(lot.code, lot.title, cause, count, least, notice.at, 41)
    assert world.recorded() == ["trading:failure:noticed"]
    assert words in read(client, f"/notices/{notice.code}")


def test_other_news_and_other_stages_are_passed_over(world: World) -> None:
    failing.hear(news(world.lot(Stage.FAILED), "trading:lot:closing"))
    failing.hear(news(world.lot(Stage.CLOSED), "bidding:lot:failed", count=2, least=3))
    assert Notice.objects.count() == 0
