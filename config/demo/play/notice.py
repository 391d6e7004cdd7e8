"""Steps 0 and 1: the tender is written, the custodians make their keys, the notice is given, questions are answered."""

from __future__ import annotations

from config.demo.play import papers
from config.demo.play.client import until
from config.demo.play.tale import Tale, instant


def draft(tale: Tale) -> None:
    """The tender with its lots and papers."""
    agent = tale.troupe.agent
    with tale.narrator.step(0, "编制招标文件", "Drafting", until="trading:paper:added"):
        tale.tender = agent.draft(tale.case, tale.troupe.cast)
        tale.lots = [agent.draft_lot(tale.tender, lot) for lot in tale.case.lots]
        agent.add_papers(tale.tender, tale.case)
        agent.say(f"起草 {tale.tender}，{len(tale.lots)} 个标段", f"drafts {tale.tender} with {len(tale.lots)} lots")


def keep_custody(tale: Tale) -> None:
    """Each custodian makes a key and signs the sheet of every lot."""
    with tale.narrator.step(1, "保管人密钥", "Custodians' keys", until="bidding:sheet:sealed", times=len(tale.lots)):
        for custodian in tale.troupe.custodians:
            custodian.make_custody_key(tale.tender)
            custodian.say("在自己机器上生成密钥，只登记公钥", "makes a key of its own, registers the public half")
        for custodian in tale.troupe.custodians:
            custodian.sign_sheets(tale.tender)
            custodian.say("签署各标段保管单 2(a,c,r)", "signs the custody sheets, policy 2(a,c,r)")


def rehearse(tale: Tale) -> None:
    """A dummy bid is sealed, and opened with every smallest set of custodians: the notice waits for it."""
    with tale.narrator.step(1, "开标演练", "Rehearsal", until="bidding:rehearsal:opened"):
        for custodian in tale.troupe.custodians:
            custodian.rehearse(tale.tender)
            custodian.say("交出演练文件的分片", "gives the share of a dummy bid")
        sets = until(lambda: tale.troupe.agent.rehearsed(tale.tender), "the rehearsal")
        tale.narrator.fact(f"{len(sets)} 种组合均能打开", f"opens for all {len(sets)} sets of custodians")


def publish(tale: Tale) -> None:
    """The notice, with periods that the law allows."""
    with tale.narrator.step(0, "发布招标公告", "Notice", until="trading:lot:noticed", times=len(tale.lots)):
        tale.troupe.agent.publish(tale.tender, tale.deadline)
        when = f"{tale.deadline:%Y-%m-%d %H:%M}"
        tale.troupe.agent.say(f"发布公告，投标截止 {when}", f"gives the notice; bids until {when}")


def clarify(tale: Tale) -> None:
    """A question from somebody, its answer for everybody, an addendum."""
    troupe, (lot, case) = tale.troupe, tale.pairs[0]
    with tale.narrator.step(0, "答疑与补遗", "Questions and addenda", until="trading:addendum:issued"):
        troupe.operator.move_clock(instant("2026-03-04 10:00"))
        asker = tale.bidder(case.offers[1].bidder)
        question = asker.ask(lot, "请明确路面结构层厚度以图纸还是工程量清单为准？")
        tale.narrator.fact("有人提问；提问人不公开", "somebody asks; nobody is told who")
        troupe.operator.move_clock(instant("2026-03-05 15:00"))
        troupe.agent.answer(question, "以工程量清单为准，详见补遗。")
        text = "统一路面结构层厚度：上面层 4 cm，下面层 6 cm，以工程量清单为准。"
        paper = ("补遗一.docx", papers.docx("补遗一", [text]))
        troupe.agent.issue_addendum(tale.tender, "补遗一：路面结构层厚度", text, paper=paper)
        troupe.agent.say("答疑，并发布补遗一", "answers for everybody and issues addendum 1")
