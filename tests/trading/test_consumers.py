"""Live rooms: every participant hears the same sequence, whatever was dropped on the way (promises.md, P20)."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.test import Client

from bidding.models import Bid
from bidding.opening.opening import open_bid
from ledger import feed
from ledger.models import Place
from tests.bidding.full_hall import Hall
from tests.bidding.hall.way import staged
from tests.world import World
from trading import followers
from trading.routing import websocket_urlpatterns

ROOM = URLRouter(websocket_urlpatterns)


def opening(world: World) -> Hall:
    """A hall with enough entries to lose some."""
    stage = staged(world)
    stage.open()
    for label in ("a", "c"):
        stage.release(label)
    for bid in Bid.objects.order_by("number"):
        open_bid(bid.code)
    world.sequence()
    return stage


def of_lot(stage: Hall) -> list[int]:
    """The indexes of the lot's entries, as the log has them."""
    rows = Place.objects.filter(entry__scope=stage.lot.code).order_by("index")
    return list(rows.values_list("index", flat=True))


@dataclass
class Participant:
    """A client that keeps to the rules of site/live.ts. Of the hints that come unasked `drops` says which are lost."""

    scope: str
    drops: random.Random | None = None
    last: int = -1
    heard: list[int] = field(default_factory=list)
    line: Any = None

    async def come(self) -> None:
        """Open the line and ask from the last entry heard."""
        line = {"type": "websocket", "path": f"{self.scope}/", "headers": [], "query_string": b""}
        self.line = ApplicationCommunicator(ROOM, line)  # type: ignore[no-untyped-call]
        await self.line.send_input({"type": "websocket.connect"})
        assert (await self.line.receive_output())["type"] == "websocket.accept"
        await self.ask()

    async def go(self) -> None:
        """Lose the line."""
        await self.line.send_input({"type": "websocket.disconnect", "code": 1006})
        await self.line.wait()

    async def ask(self) -> None:
        """Ask "from n" and hear the whole answer."""
        asked = json.dumps({"from": max(self.last, 0)})
        await self.line.send_input({"type": "websocket.receive", "text": asked})
        await self.listen(dropping=False)

    async def listen(self, *, dropping: bool = True) -> None:
        """Hear what lies on the line; a hint before which something is missing makes the client ask."""
        missed = False
        while not await self.line.receive_nothing(timeout=0.05, interval=0.01):
            said = json.loads((await self.line.receive_output())["text"])
            if dropping and self.drops is not None and self.drops.random() < 0.5:
                continue
            if said["entry"] <= self.last:
                continue
            if said["after"] is not None and said["after"] > self.last:
                missed = True
                break
            self.last = said["entry"]
            self.heard.append(said["entry"])
        if missed:
            await self.ask()


async def tell(count: int) -> None:
    """The ticker hands out so many more pieces of news."""
    keep, feed.BATCH = feed.BATCH, count
    try:
        await sync_to_async(feed.deliver)("trading.live")
    finally:
        feed.BATCH = keep


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_loses_hints_and_lines_hears_the_same_sequence(world: World, seed: int) -> None:
    assert feed.FOLLOWERS["trading.live"] is followers.announce
    stage = opening(world)
    truth = of_lot(stage)
    chance = random.Random(seed)

    async def play() -> list[Participant]:
        steady, lossy = Participant(stage.lot.code), Participant(stage.lot.code, chance)
        await steady.come()
        await lossy.come()
        for one in (steady, lossy):
            one.last, one.heard = -1, []  # as if the page had been drawn before the first entry
        for _round in range(40):
            await tell(3)
            await steady.listen()
            await lossy.listen()
            if chance.random() < 0.2:
                await lossy.go()
                await tell(2)
                await steady.listen()
                await lossy.come()
        await lossy.ask()
        await steady.go()
        await lossy.go()
        return [steady, lossy]

    steady, lossy = async_to_sync(play)()
    assert len(truth) > 7
    assert steady.heard == truth
    assert lossy.heard == truth


def test_two_pages_show_the_same_numbers(world: World) -> None:
    stage = opening(world)
    path = f"/bidding/lots/{stage.lot.code}/hall/board"
    one, two = Client(), Client()
    two.force_login(world.bidder(1))
    numbers = []
    for client in (one, two):
        client.cookies["sunlight_language"] = "en"
        text = client.get(path).content.decode()
        numbers.append([part.partition("<")[0] for part in text.split('<span class="code">entry ')[1:]])
    assert numbers[0] == numbers[1]
    assert len(numbers[0]) >= 7
    assert [int(number) for number in numbers[0]] == sorted((int(number) for number in numbers[0]), reverse=True)


@pytest.mark.parametrize("name", ["\0", "\ud800", 5])
def test_a_path_that_can_name_nothing_is_answered_and_the_line_stays_open(world: World, name: object) -> None:
    stage = opening(world)

    async def play() -> list[str]:
        line = Participant(stage.lot.code)
        await line.come()
        asked = json.dumps({"id": 1, "act": "bidding:hall:join", "path": {"lot": name}})
        for _time in range(2):
            await line.line.send_input({"type": "websocket.receive", "text": asked})
        said = [json.loads((await line.line.receive_output())["text"]) for _time in range(2)]
        return [one["problem"]["reasons"][0]["code"] for one in said]

    assert async_to_sync(play)() == ["form.no_such_act"] * 2
