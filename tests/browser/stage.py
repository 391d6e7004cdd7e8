"""Sets the stage for a site that browsers visit: run as `python -m tests.browser.stage` in that site's environment.

Enters: a command and its arguments. Leaves: rows, and one JSON value on standard output.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

from tests.bidding.live_stage import PASSWORD

PEOPLE = ("purchaser", "agent", "centre", "regulator", "guarantor", "operator")
BODIES = {
    "purchaser": "琼东水务投资有限公司",
    "agent": "南海招标代理有限公司",
    "centre": "琼东公共资源交易中心",
    "regulator": "琼东住房和城乡建设局",
    "guarantor": "琼东农商银行",
    "bidder1": "海湾建设集团有限公司",
    "bidder2": "椰城市政工程有限公司",
    "bidder3": "五指山路桥有限公司",
    "bidder4": "万泉河水利工程有限公司",
    "bidder5": "南渡江建筑工程有限公司",
    "bidder6": "文昌第二建筑工程有限公司",
    "bidder7": "临高角港务工程有限公司",
}
TITLES = {1: "一标段 土建工程", 2: "二标段 机电安装", 3: "三标段 管网工程", 4: "四标段 绿化工程", 5: "五标段 照明工程"}
BIDDERS = 7


def cast() -> list[str]:
    """An account with a password for each role, and a draft tender with five lots. Returns the user names."""
    from tests.world import TestClock, World
    from trading.method import WORKED
    from trading.models import Lot, Party, Tender
    from trading.stages import Stage

    world = World(TestClock())
    people = [getattr(world, name) for name in PEOPLE]
    people += [*(world.bidder(number) for number in range(1, BIDDERS + 1)), world.expert(1)]
    people[0].set_password(PASSWORD)
    for account in people:
        account.password = people[0].password
        account.save()
    for username, name in BODIES.items():
        Party.objects.filter(name=username).update(name=name)
    world.tender()
    Tender.objects.update(title="滨海大道二期改造工程")
    for number, title in TITLES.items():
        lot = world.lot(Stage.DRAFT, number, days=300, method=dict(WORKED))
        Lot.objects.filter(pk=lot.pk).update(title=title)
    return [account.username for account in people]


def publish(lot: str, seconds: str) -> None:
    """The lot takes bids until `seconds` from now."""
    from ledger import clock
    from trading.models import Lot, Tender

    now = clock.now()
    deadline = (now + timedelta(seconds=float(seconds))).replace(microsecond=0)
    row = Lot.objects.get(code=lot)
    Tender.objects.filter(pk=row.tender_id).update(stage="published", deadline=deadline, published_at=now)
    Lot.objects.filter(pk=row.pk).update(stage="bidding", deadline=deadline, next_at=deadline)


def bond(lot: str, amount: str) -> None:
    """The lot asks for a bond."""
    from trading.models import Lot

    Lot.objects.filter(code=lot).update(bond=amount)


def custodians_late(lot: str) -> None:
    """The stated time of the custodians is over."""
    from bidding.models import HallHours
    from ledger import clock

    HallHours.objects.filter(hall__lot__code=lot).update(custodians_until=clock.now())


def blind(lot: str, volume: str) -> None:
    """The lot's method judges a volume blind."""
    from trading.models import Lot

    row = Lot.objects.get(code=lot)
    Lot.objects.filter(code=lot).update(method={**row.method, "blind": [volume]})


if __name__ == "__main__":
    django.setup()
    scenes = {one.__name__: one for one in (cast, publish, bond, custodians_late, blind)}
    sys.stdout.write(json.dumps(scenes[sys.argv[1]](*sys.argv[2:])))
