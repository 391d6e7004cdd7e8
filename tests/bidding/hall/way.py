"""The steps of an opening for the tests of the hall: shares, decryption, reading, the clock's own acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest

from bidding.hall import record
from bidding.hall.board import board_of, scene_of
from bidding.hall.due import hall_due
from bidding.hall.scene import Scene
from bidding.models import Bid
from bidding.opening.due import read_if_due
from bidding.opening.opening import open_bid
from ledger.errors import Refused
from tests.bidding.full_hall import Hall, Offer
from tests.world import World

PRICES = {1: Decimal("9123456.78"), 2: Decimal("8765432.10"), 3: Decimal("9600000.01")}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def staged(world: World, offers: dict[int, Offer] | None = None) -> Hall:
    """A lot with three envelopes, counted."""
    stage = Hall(world)
    for number, price in PRICES.items():
        stage.submit(number, (offers or {}).get(number, Offer(price)))
    stage.count()
    return stage


def decrypt_all(stage: Hall) -> None:
    """What the workers do, one after the other; then the prices."""
    for bid in Bid.objects.order_by("number"):
        open_bid(bid.code)
    stage.world.sequence()
    read_if_due(stage.fresh())
    stage.world.sequence()
    stage.fresh()


def tick(stage: Hall) -> int:
    """One look of the clock at the halls."""
    done = hall_due(stage.world.clock.now())
    stage.world.sequence()
    stage.fresh()
    return done


def sign(stage: Hall, username: str) -> None:
    """Host or witness signs the record as it stands."""
    stage.world.sequence()
    account = stage.world.accounts[username]
    record.sign_record(stage.lot, stage.signer(account).sign(record.record_bytes(stage.fresh())), actor=account.actor)
    stage.fresh()


def refusal_of(run: Callable[..., object], *arguments: object, **named: object) -> list[str]:
    """The codes with which a call is refused."""
    with pytest.raises(Refused) as refusal:
        run(*arguments, **named)
    return refusal.value.codes


@dataclass
class Watched:
    """A hall whose board is written down after every step, as a watcher sees it."""

    stage: Hall
    scenes: list[Scene] = field(default_factory=list)

    def look(self) -> None:
        """Write the board down if it changed; a second passes."""
        self.stage.world.sequence()
        scene = scene_of(board_of(self.stage.fresh()))
        if not self.scenes or self.scenes[-1] != scene:
            self.scenes.append(scene)
        self.stage.world.clock.pass_(timedelta(seconds=1))

    def do(self, step: Callable[..., object], *arguments: object, **named: object) -> None:
        """Take a step and look."""
        step(*arguments, **named)
        self.look()
