"""A draw as tests need it: a register, a request, seeds, and the way to a complete panel, all by acts."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from experts import invitations, panel
from experts.lottery import Need, seed_commitment
from experts.models import Candidate, Draw, Expert, Seat
from experts.register import register
from ledger.actor import Actor
from tests.world import World, credit_code
from trading.method import WORKED
from trading.models import Lot
from trading.stages import Stage

NEEDS = (Need("A08", 3), Need("B01", 2))


def seed(name: str) -> bytes:
    """The seed of a body in tests."""
    return sha256(name.encode()).digest()


def bodies(world: World) -> dict[str, Actor]:
    """Who gives seeds, by lottery role."""
    return {"agent": world.agent.actor, "supervisor": world.regulator.actor, "centre": world.centre.actor}


def enter(world: World, number: int, *specialities: str, employer: str = "") -> Expert:
    """Register expert `number`, with an employer of its own unless one is named."""
    account = world.expert(number)
    firm = employer or credit_code(5000 + number)
    return register(account.username, specialities or ("A08", "B01"), firm, "Haikou", actor=world.centre.actor)


def opened_lot(world: World, **facts: object) -> Lot:
    """A lot whose bids are open, under the worked method."""
    return world.lot(Stage.OPENED, 1, **{"method": dict(WORKED), **facts})


def wanted(world: World, needs: tuple[Need, ...] = NEEDS) -> panel.Wanted:
    """An evaluation that begins in two hours."""
    return panel.Wanted(needs, world.clock.now() + timedelta(hours=2), "Room 3, Haikou centre", 1)


def frozen_draw(world: World, lot: Lot, avoid: tuple[str, ...] = ()) -> Draw:
    """A draw with three commitments and a frozen pool."""
    draw = panel.request(lot, wanted(world), avoid, actor=world.agent.actor)
    for body, actor in bodies(world).items():
        commitment = seed_commitment(bytes.fromhex(draw.code), body, seed(body))
        panel.commit_seed(lot, commitment.hex(), actor=actor)
    return panel.freeze_pool(lot, actor=world.centre.actor)


def drawn(world: World, lot: Lot, avoid: tuple[str, ...] = ()) -> Draw:
    """A draw whose seeds are shown: five candidates are asked."""
    frozen_draw(world, lot, avoid)
    for body, actor in bodies(world).items():
        panel.reveal_seed(lot, seed(body).hex(), actor=actor)
    return Draw.objects.get(lot=lot)


def accept_all(draw: Draw) -> list[Seat]:
    """Everybody who is asked accepts."""
    for candidate in draw.candidates.filter(state=Candidate.INVITED).select_related("expert__account"):
        invitations.answer(candidate, "", accepts=True, actor=candidate.expert.account.actor)
    return list(Seat.objects.filter(lot=draw.lot, sitting=True))


def seated(world: World, lot: Lot, experts: int = 12) -> list[Seat]:
    """A complete panel out of `experts` registered ones."""
    for number in range(1, experts + 1):
        enter(world, number)
    return accept_all(drawn(world, lot))
