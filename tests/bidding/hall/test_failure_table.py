"""The failure table of an opening (domain.md 3.4): each row with its cause, its test, its result and its bond.

Row 1: bidder absent, lost or wrong certificate, wrong password. Row 2: file corrupt at origin. Row 3: failure of the
platform's storage, or an outage over the bidder's window. Row 4: outage for all. docs/failure-table.md names the tests.
"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.test import Client

from bidding.envelope.x25519 import new_identity
from bidding.hall.due import hall_due
from bidding.hall.entering import hall_of, require_hall
from bidding.hall.hours import hours_of
from bidding.hall.reading import readout_of
from bidding.hall.waiting import end_waiting
from bidding.models import Bid, HallPause
from bidding.opening.own_share import windows_due
from bidding.opening.reasons import why
from guarantees.models import Guarantee
from tests.bidding.full_hall import Hall, Offer
from tests.bidding.hall.way import HOUR, MINUTE, PRICES, decrypt_all, sign, staged, tick
from tests.bidding.opening.policy_hall import PolicyHall
from tests.bidding.scenes import Scene
from tests.world import World
from trading import ticks
from trading.models import Beat, Notice, Outage
from trading.stages import Stage

GOOD = ("opened", "", "", "")
MAY_BE_KEPT = "The bid bond may be kept"
GOES_BACK = "The bid bond goes back"


def opened(stage: Hall) -> dict[int, tuple[str, str, str, str]]:
    """Two custodians come; what became of each envelope."""
    stage.open()
    stage.release("a")
    stage.release("c")
    decrypt_all(stage)
    return {bid.number: (bid.state, bid.reason, bid.side, bid.consequence) for bid in Bid.objects.all()}


def record_page(stage: Hall) -> str:
    return page(stage, "record/")


def page(stage: Hall, path: str) -> str:
    client = Client()
    client.cookies["sunlight_language"] = "en"
    return html.unescape(client.get(f"/bidding/lots/{stage.lot.code}/{path}").content.decode())


def test_row_1_a_bidder_who_is_absent_loses_nothing_where_no_key_of_his_is_asked(world: World) -> None:
    """The default policy removes the cause: nobody signs in, and every bid opens."""
    assert opened(staged(world)) == {1: GOOD, 2: GOOD, 3: GOOD}


def test_row_1_a_wrong_certificate_revokes_the_bid_and_the_others_go_on(world: World) -> None:
    stage = Hall(world)
    stage.submit(1, Offer(PRICES[1]))
    stage.submit(2, Offer(PRICES[2], signer=stage.signer(world.bidder(9))))
    stage.submit(3, Offer(PRICES[3]))
    stage.count()
    found = opened(stage)
    assert (found[1], found[3]) == (GOOD, GOOD)
    assert (found[2][0], found[2][2:]) == ("failed", ("bidder", "revoked"))
    assert found[2][1].startswith("signature.")
    assert MAY_BE_KEPT in record_page(stage)
    assert GOES_BACK not in record_page(stage)


def test_row_1_an_absent_bidder_or_a_lost_key_revokes_the_bid_where_the_policy_asks_the_bidder(scene: Scene) -> None:
    hall = PolicyHall(scene, "2(b,2(a,c,r))")
    hall.count()
    hall.open()
    hall.release("a")
    hall.release("r")
    hall.give_own(1)
    hall.give_own(3)  # bidder 2 stays away; a lost key or a wrong password looks the same from here
    scene.world.clock.pass_(30 * MINUTE)
    assert windows_due(scene.world.clock.now()) == 1
    scene.world.sequence()
    found = [(bid.state, bid.reason, bid.side, bid.consequence) for bid in hall.decide().values()]
    assert found == [GOOD, ("failed", "bidding.no_own_share", "bidder", "revoked"), GOOD]


def test_row_1_a_leaf_wrapped_to_a_wrong_key_revokes_the_bid(scene: Scene) -> None:
    hall = PolicyHall(scene, "2(b,2(a,c,r))")
    account = scene.world.bidder(4)
    own = new_identity()
    hall.send(4, scene.seal(hall.fresh(), account, "9400000.00", own=own, wrapped=new_identity()))
    hall.count()
    hall.open()
    for label in ("a", "c"):
        hall.release(label)
    for number in (1, 2, 3):
        hall.give_own(number)
    scene.world.clock.pass_(30 * MINUTE)
    windows_due(scene.world.clock.now())
    scene.world.sequence()
    found = hall.decide()[4]
    assert (found.state, found.side, found.consequence) == ("failed", "bidder", "revoked")


def test_row_2_a_file_corrupt_at_origin_revokes_the_bid(world: World) -> None:
    """The hash in the receipt is that of the stored file, and the file cannot be opened."""
    stage = staged(world, {2: Offer(package=b"not a package" + bytes(243))})
    found = opened(stage)
    assert (found[1], found[3]) == (GOOD, GOOD)
    assert (found[2][0], found[2][2:]) == ("failed", ("bidder", "revoked"))
    assert MAY_BE_KEPT in record_page(stage)
    for path in ("record/", "hall/board", "hall/wall", "hall/replay", "bids.csv"):
        assert why(found[2][1]) in page(stage, path), path
    assert found[2][1] not in page(stage, "bids.csv")


def test_row_3_a_stored_file_that_is_not_the_receipts_is_withdrawn_and_the_bond_goes_back(world: World) -> None:
    stage = Hall(world)
    rows = [stage.submit(number, Offer(price)) for number, price in PRICES.items()]
    path = Path(settings.OBJECTS_URL[7:]) / rows[1].object
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    stage.count()
    assert opened(stage) == {1: GOOD, 2: ("failed", "bidding.stored_differs", "platform", "withdrawn"), 3: GOOD}
    assert GOES_BACK in record_page(stage)
    assert MAY_BE_KEPT not in record_page(stage)
    read = readout_of(stage.lot)
    assert read is not None
    assert [(one.number, one.name, one.side) for one in read.failed] == [(2, "bidder2", "platform")]
    assert not Guarantee.objects.filter(party=world.bidder(2).party).exists(), "nothing of the bidder's is held"


def test_row_3_an_outage_over_the_bidders_window_extends_it(scene: Scene) -> None:
    """The remedy comes before the failure: the window gets the time of the outage back, and the share still counts."""
    hall = PolicyHall(scene, "2(b,2(a,c,r))")
    hall.count()
    hall.open()
    hall.give_own(1)
    hall.give_own(3)
    until = require_hall(hall.fresh()).shares_until
    assert until is not None
    now = scene.world.clock.pass_(35 * MINUTE)
    Outage.objects.create(begin=now - 30 * MINUTE, end=now - MINUTE, declared=False, settled=True)
    assert hall_due(now) == 1  # the ticker gives time back before it ends a window
    assert windows_due(now) == 0
    assert require_hall(hall.fresh()).shares_until == until + 29 * MINUTE
    hall.give_own(2)
    assert windows_due(now) == 1


def test_row_3_too_few_custodians_is_no_bidders_failure(world: World) -> None:
    """Of the causes that are no bidder's the commonest; tests/bidding/hall/test_waiting.py holds its ways."""
    stage = staged(world)
    stage.open()
    world.clock.pass_(30 * MINUTE)
    end_waiting(stage.fresh(), "保管人未到", actor=world.regulator.actor)
    tick(stage)
    decrypt_all(stage)
    assert {bid.consequence for bid in Bid.objects.all()} == {"withdrawn"}
    assert record_page(stage).count(GOES_BACK) == 3
    world.clock.pass_(15 * MINUTE)
    sign(stage, "agent")
    sign(stage, "centre")
    assert stage.fresh().stage == Stage.FAILED


def beaten(ago: timedelta) -> None:
    """The heartbeat was last heard so long ago, in real time."""
    Beat.objects.update_or_create(pk=1, defaults={"real_at": datetime.now(UTC) - ago})


def test_row_4_an_outage_for_all_pauses_the_opening_and_it_goes_on(world: World) -> None:
    """The health monitor is the heartbeat: what it finds interrupts every opening and gives the time back."""
    stage = staged(world)
    stage.open()
    stage.release("a")
    hall = hall_of(stage.lot)
    assert hall is not None
    until = hours_of(hall).custodians_until
    now = world.clock.pass_(2 * HOUR + 10 * MINUTE)
    beaten(2 * HOUR)
    ticks.tick(now)
    tick(stage)
    assert "bidding:opening:interrupted" in world.recorded()
    gained = hours_of(hall).custodians_until - until
    assert timedelta(0) <= gained - 2 * HOUR < timedelta(seconds=10)
    stage.release("c")
    decrypt_all(stage)
    assert {bid.state for bid in Bid.objects.all()} == {"opened"}


def test_row_4_an_outage_of_more_than_a_day_reschedules_the_opening_with_notice(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    now = world.clock.pass_(25 * HOUR)
    beaten(25 * HOUR - 10 * MINUTE)
    ticks.tick(now)
    tick(stage)
    assert stage.lot.paused
    row = HallPause.objects.get()
    assert row.until is not None
    assert row.until - now >= 24 * HOUR
    notice = Notice.objects.get(kind="reschedule")
    assert notice.lot == stage.lot
    world.clock.set(row.until)
    assert tick(stage) == 1
    stage.release("c")
    decrypt_all(stage)
    assert {bid.state for bid in Bid.objects.all()} == {"opened"}
