"""Steps 10 to 12: publicity, an objection and its answer, award, contract; guarantees settle; the bundle is checked."""

from __future__ import annotations

from config.demo.play.client import until
from config.demo.play.tale import Tale, instant

OBJECTION = "请核实第一中标候选人项目经理的在建项目情况。"
ANSWER = "经核查，拟派项目经理无在建项目，证明材料已附入评标报告。公示继续。"


def publish(tale: Tale) -> None:
    """The candidates stand in public; somebody objects, and is answered."""
    agent, (lot, case) = tale.troupe.agent, tale.open_pairs[0]
    with tale.narrator.step(10, "中标候选人公示", "Publicity", until="trading:objection:answered"):
        for code, _case in tale.open_pairs:
            agent.publish_candidates(code)
            agent.say(f"公示 {code} 中标候选人", f"publishes the candidates of {code}")
        tale.troupe.operator.move_clock(instant("2026-03-25 10:00"))
        bidder = tale.bidder(case.offers[-1].bidder)
        objection = bidder.object_to_result(lot, OBJECTION)
        bidder.say("对评标结果提出异议", "objects to the result")
        tale.troupe.operator.move_clock(instant("2026-03-26 16:00"))
        agent.answer_objection(objection, ANSWER)
        agent.say("在三日内答复异议", "answers within three days")


def award(tale: Tale) -> None:
    """The purchaser gives the award once the publicity is over."""
    count = len(tale.open_pairs)
    with tale.narrator.step(10, "公示期满", "The publicity is over", until="trading:publicity:ended", times=count):
        tale.troupe.operator.move_clock(instant("2026-03-30 09:00"))
    with tale.narrator.step(10, "中标通知", "Award", until="trading:award:noticed", times=count):
        for lot, _case in tale.open_pairs:
            given = tale.troupe.purchaser.award(lot)
            tale.amounts[lot], amount = str(given["amount"]), given["amount"]
            tale.troupe.purchaser.say(f"{lot} 中标通知书，{amount} 元", f"notice of award for {lot}: {amount} yuan")


def contract(tale: Tale) -> None:
    """Both sides sign one record; the guarantees go back."""
    purchaser = tale.troupe.purchaser
    with tale.narrator.step(
        "10–11", "签订合同，担保解除", "Contract; guarantees settle", until="trading:contract:signed", times=2
    ):
        tale.troupe.operator.move_clock(instant("2026-04-08 10:00"))
        for lot, case in tale.open_pairs:
            purchaser.draw_contract(lot, tale.amounts[lot])
            purchaser.sign_contract(lot)
            winner = next(offer.bidder for offer in case.offers if offer.price == tale.amounts[lot])
            tale.bidder(winner).sign_contract(lot)
            tale.bidder(winner).say(f"与招标人签订 {lot} 合同", f"signs the contract for {lot} with the purchaser")
        held = until(lambda: _all_released(tale), "the guarantees to be released")
        tale.narrator.fact(
            f"{held} 份担保全部解除，保证金计息退还", f"{held} guarantees released, deposits with interest"
        )


def _all_released(tale: Tale) -> int:
    """How many guarantees there are, once none is held any more; 0 before."""
    found = tale.troupe.purchaser.get("/guarantees/")["guarantees"]
    return len(found) if all(one["stage"] == "released" for one in found) else 0


def destroy_keys(tale: Tale) -> None:
    """Every lot has a signed record or failed: the custodians destroy their keys."""
    with tale.narrator.step("·", "销毁保管私钥", "Custody keys destroyed", until=""):
        for custodian in tale.troupe.custodians:
            custodian.destroy_custody_key(tale.tender)
        tale.narrator.fact("未开启的投标文件从此无人能开", "what was not opened stays closed for ever")
