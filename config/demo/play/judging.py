"""Steps 8 to 10: experts are drawn from three committed seeds, judge in their room, and sign the report."""

from __future__ import annotations

from datetime import timedelta

from config.demo.play.expert import Expert
from config.demo.play.stage import LotCase
from config.demo.play.tale import Tale

SPECIALITIES = "A08:3, C01:2"
PLACE = "临澜市公共资源交易中心 评标三室"
SOON = timedelta(minutes=5)


def draw(tale: Tale) -> None:
    """A panel for every opened lot; the first expert who is asked for the first lot declines."""
    for at, (lot, _case) in enumerate(tale.open_pairs):
        _draw(tale, lot, declines=1 if at == 0 else 0)


def _draw(tale: Tale, lot: str, *, declines: int) -> None:
    agent, centre, regulator = tale.troupe.agent, tale.troupe.centre, tale.troupe.regulator
    bodies = ((agent, "agent"), (regulator, "supervisor"), (centre, "centre"))
    with tale.narrator.step(8, f"抽取评标专家 {lot}", "Draw of the experts", until="experts:panel:completed"):
        agent.request_experts(lot, SPECIALITIES, agent.hour() + SOON, PLACE)
        for custodian, body in bodies:
            custodian.commit_seed(lot, body)
        tale.narrator.fact("代理、监管、中心各承诺一个随机种子", "agent, supervisor and centre commit to a seed each")
        fit = centre.freeze_pool(lot)
        centre.say(f"冻结名单，可抽 {fit} 人，已回避投标人所属专家", f"freezes the pool: {fit} may be drawn")
        for custodian, _body in bodies:
            custodian.reveal_seed(lot)
        tale.narrator.fact("种子公布，顺序由种子算出", "the seeds are shown; the order follows from them")
        tale.panels[lot] = _answers(tale, lot, declines)
        tale.narrator.fact(f"评标委员会 {len(tale.panels[lot])} 人到齐", "the panel is complete")


def _answers(tale: Tale, lot: str, declines: int) -> list[Expert]:
    """Everybody looks at the own invitations until the panel is complete. Who sits, is told to nobody else."""
    seated: list[Expert] = []
    while not _complete(tale, lot):
        for expert in tale.troupe.experts:
            invited = expert.invitations()
            for code in invited[declines:]:
                expert.accept(code)
                seated.append(expert)
            for code in invited[:declines]:
                expert.decline(code)
                tale.narrator.fact("一名专家谢绝，按同一顺序通知下一名", "one declines; the next of the order is asked")
            if invited[:declines] or (invited and _complete(tale, lot)):
                declines = 0  # the next may be somebody who has looked already
                break
    return seated


def _complete(tale: Tale, lot: str) -> bool:
    return bool(tale.troupe.agent.get(f"/experts/lots/{lot}/draw/")["stage"] == "complete")


def judge(tale: Tale) -> None:
    """Every panel enters, elects a leader, admits, scores, and signs."""
    for lot, case in tale.open_pairs:
        _judge(tale, lot, case)


def _judge(tale: Tale, lot: str, case: LotCase) -> None:
    panel = tale.panels[lot]
    with tale.narrator.step(9, f"评标 {lot}", "The panel judges", until="evaluation:report:made"):
        tale.troupe.agent.open_room(lot)
        for expert in panel:
            expert.enter(lot)
        for expert in panel:
            expert.elect(lot)
        tale.narrator.fact("评委入场、承诺、推选组长", "the members enter, promise, and elect who leads")
        for expert in panel:
            expert.admit(lot)
        tale.narrator.fact("资格与响应性：逐项表决，五份签字", "admission: voted point by point, five signed sheets")
        if any(offer.marks for offer in case.offers):
            marks = {offer.bidder.body.credit_code: offer.marks for offer in case.offers if offer.bidder.body}
            for expert in panel:
                expert.score(lot, marks)
            tale.narrator.fact(
                "五份评分表签字生效，此前互不可见", "five score sheets, unseen by others until all are signed"
            )
    with tale.narrator.step(10, f"评标报告 {lot}", "The report", until="evaluation:lot:evaluated"):
        for expert in panel:
            expert.sign_report(lot)
        _tell(tale, lot)


def _tell(tale: Tale, lot: str) -> None:
    result = tale.troupe.agent.get(f"/evaluation/lots/{lot}/result/")
    if result["base"]:
        tale.narrator.fact(f"评标基准价 {result['base']} 元", f"base price {result['base']}")
    for line in result["ranking"]:
        points = f"，报价分 {line['price_points']}，总分 {line['total']}" if line["total"] else ""
        english = (
            f"{line['place']}: {line['price_points']} + {line['technical']} = {line['total']}"
            if points
            else "lowest first"
        )
        tale.narrator.fact(f"第 {line['place']} {line['name']} {line['price']} 元{points}", english)
