"""Results for tests: a lot whose report is signed, its candidates published as the evaluation does it."""

from __future__ import annotations

from decimal import Decimal

from ledger.act import act
from ledger.rights import ACTS, Act, roles
from tests.trading.tenders import first_lot, published
from tests.world import World
from trading.awarding import receive_candidates
from trading.candidates import Bidder, Candidate
from trading.models import Account, Lot, Notice
from trading.stages import Stage

REPORT = "ab" * 32
PRICES = {1: Decimal("9596000.00"), 2: Decimal("9650000.00"), 3: Decimal("9700000.00"), 4: Decimal("9990000.00")}


def credit_code_of(account: Account) -> str:
    assert account.party is not None
    return account.party.credit_code


def candidate(world: World, number: int, rank: int | None = None) -> Candidate:
    return Candidate(
        rank or number, f"bid-{number}", credit_code_of(world.bidder(number)), PRICES[number],
        Decimal("96.5") - number, 280 + number, "合格", "张工",
    )  # fmt: skip


def bidders(world: World, count: int = 4) -> tuple[Bidder, ...]:
    return tuple(Bidder(f"bid-{n}", credit_code_of(world.bidder(n))) for n in range(1, count + 1))


def evaluated(world: World) -> Lot:
    """A lot of a published tender, put on the stage evaluated."""
    lot = first_lot(published(world))
    Lot.objects.filter(pk=lot.pk).update(stage=Stage.EVALUATED.value, next_at=None)
    return Lot.objects.get(pk=lot.pk)


def publish_candidates(world: World, lot: Lot, *candidates: Candidate) -> Notice:
    """Within an act as the room above has one."""
    ACTS["tests:report:sign"] = Act("tests:report:sign", roles(world.agent.actor.role))
    with act("tests:report:sign", world.agent.actor, on=lot) as this:
        return receive_candidates(this, this.on, candidates, bidders=bidders(world), report=REPORT)


def in_publicity(world: World) -> Lot:
    """A lot with three candidates of four bidders in public."""
    lot = evaluated(world)
    publish_candidates(world, lot, *(candidate(world, number) for number in (1, 2, 3)))
    return Lot.objects.get(pk=lot.pk)


def awarded(world: World) -> Lot:
    """A lot awarded to bidder 1 as soon as the publicity was over."""
    from trading import awarding

    lot = in_publicity(world)
    assert lot.publicity_until is not None
    world.clock.set(lot.publicity_until)
    awarding.award(lot, actor=world.purchaser.actor)
    return Lot.objects.get(pk=lot.pk)
