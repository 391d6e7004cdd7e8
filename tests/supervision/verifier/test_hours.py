"""A deadline that an outage moved, an opening that rested, a wait that was ended: the bundles of such a tender hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bidding.hall import entering as halls
from bidding.hall import pausing, reading, record, waiting
from bidding.models import Bid
from bidding.opening.opening import open_bid
from bidding.submission.closing import close, fail
from ledger.bundle import unpack
from supervision.bundling import public_bundle, regulators_bundle
from supervision.trusting import house_trust, log_key_text
from supervision.verifier.case import Case, Happened, read_case
from supervision.verifier.check import run
from supervision.verifier.verifying import CHECKS, verify
from tests.bidding.scenes import Scene
from tests.supervision.bundles import Bundles
from tests.supervision.flow import Flow
from tests.supervision.verifier.saved import save
from tests.trading.tenders import DEADLINE
from trading import authority, extending, outages, progress
from trading.models import Lot
from trading.stages import Stage

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def opened(scene: Scene) -> Flow:
    """Lot 1 opened after a pause, lot 2 failed, lot 3 given up for want of custodians."""
    flow, world = Flow(scene), scene.world
    flow.enrol()
    flow.notice()
    flow.bid()
    world.clock.set(DEADLINE - HOUR)
    extending.declare(DEADLINE - 2 * HOUR, DEADLINE - 90 * MINUTE, "机房断电", actor=world.operator.actor)
    assert extending.settle() == 3
    flow.round()
    one, two, three = flow.lots
    at = outages.opening_at(flow.fresh(one))
    assert at is not None
    world.clock.set(at)
    for lot in flow.lots:
        progress.close(flow.fresh(lot))
        close(flow.fresh(lot))
    flow.round()
    fail(flow.fresh(two))
    flow.round()
    for lot in (one, three):
        hall(flow, lot)
    return flow


def hall(flow: Flow, lot: Lot) -> None:
    """From the host's opening to the signed record; lot 1 rests for a while, for lot 3 one custodian comes."""
    world, is_first = flow.world, lot.number == 1
    halls.open_hall(flow.fresh(lot), actor=world.agent.actor)
    flow.release(lot, "a")
    if is_first:
        pausing.pause(flow.fresh(lot), "核查保管人身份", actor=world.regulator.actor)
        world.clock.pass_(20 * MINUTE)
        pausing.resume(flow.fresh(lot), actor=world.regulator.actor)
        flow.release(lot, "r")
        for bid in Bid.objects.filter(lot=lot).order_by("number"):
            open_bid(bid.code)
    else:
        world.clock.pass_(30 * MINUTE)
        waiting.end_waiting(flow.fresh(lot), "两家保管人未到", actor=world.regulator.actor)
        assert waiting.fail_waiting(flow.fresh(lot)) == 3
    world.sequence()
    reading.read_prices(flow.fresh(lot))
    flow.round()
    world.clock.pass_(16 * MINUTE)
    for account in (world.agent, world.centre):
        data = record.record_bytes(flow.fresh(lot))
        record.sign_record(flow.fresh(lot), flow.scene.pen(account).sign(data), actor=account.actor)
    flow.round()


def with_entry(case: Case, tag: str, **values: object) -> Case:
    """The case with other values in its entries of a tag."""
    changed = tuple(
        Happened(one.index, one.leaf, replace(one.entry, values={**one.entry.values, **values}))
        if one.tag == tag
        else one
        for one in case.entries
    )
    other = replace(case, _worked_out={})
    other.__dict__["entries"] = changed
    return other


def test_the_bundles_hold_and_a_changed_hour_is_found(scene: Scene) -> None:
    flow = opened(scene)
    assert [flow.fresh(lot).stage for lot in flow.lots] == [Stage.OPENED, Stage.FAILED, Stage.FAILED]
    trust, both = house_trust(), (public_bundle(flow.tender), regulators_bundle(flow.tender))
    save("hours", Bundles(*both, trust, log_key_text(), authority.roots_pem()))
    for data in both:
        assert [(one.number, one.faults) for one in verify(data, trust).failed] == []
    case = read_case(unpack(public_bundle(flow.tender)))
    extended = case.all("trading:deadline:extended")
    assert {one["new"] for one in extended} == {DEADLINE + 2 * HOUR}
    notice = next(check for check in CHECKS if check.number == 14)
    for lie in (
        {"new": DEADLINE + 3 * HOUR}, {"old": DEADLINE - HOUR}, {"end": DEADLINE - 4 * HOUR},
        {"opening": DEADLINE},
    ):  # fmt: skip
        assert run(notice, with_entry(case, "trading:deadline:extended", **lie), trust).faults, lie
    releases = next(check for check in CHECKS if check.number == 19)
    assert run(releases, with_entry(case, "bidding:waiting:ended", came=("a", "c")), trust).faults
