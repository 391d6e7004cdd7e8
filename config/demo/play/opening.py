"""Step 7: the live hall. Two of three custodians come, the prices are read together, everybody confirms, two sign."""

from __future__ import annotations

from config.demo.play.client import until
from config.demo.play.stage import LotCase
from config.demo.play.tale import Tale


def open_lots(tale: Tale) -> None:
    """Open every lot that did not fail."""
    for lot, case in tale.open_pairs:
        _open(tale, lot, case)


def _open(tale: Tale, lot: str, case: LotCase) -> None:
    agent, centre = tale.troupe.agent, tale.troupe.centre
    with tale.narrator.step(7, f"开标大厅 {case.title}", f"Opening hall, {lot}", until="bidding:prices:read"):
        for bidder in tale.senders(lot)[:-1]:
            bidder.join(lot)
        tale.narrator.fact("投标人在大厅签到；签到不公开", "bidders sign in to the hall; nobody is shown who")
        agent.open_hall(lot)
        agent.say("开启大厅，投标文件编号", "opens the hall; the envelopes get their numbers")
        for custodian in (agent, centre):
            count = custodian.release(tale.tender, lot)
            custodian.say(f"核对后交出 {count} 份分片", f"checks everything and gives {count} shares")
        board = until(lambda: agent.board_read(lot), f"the prices of {lot}")
        for one in board["bids"]:
            tale.narrator.fact(f"{one['number']} 号 {one['name']} {one['price']} 元", f"bid {one['number']}")
    with tale.narrator.step(7, "确认与签字", "Confirmation and record", until="bidding:lot:opened"):
        for bidder in tale.senders(lot):
            bidder.confirm(lot)
        tale.narrator.fact("投标人在大厅内逐一确认", "every bidder confirms, in the live hall")
        for custodian in (agent, centre):
            custodian.sign_record(lot)
            custodian.say("签署开标记录", "signs the opening record")
