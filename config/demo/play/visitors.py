"""After the play: a tender that still takes bids, and for the visitor a list of what to see and whom to be."""

from __future__ import annotations

from config.demo.play import notice
from config.demo.play.stage import Person, TenderCase
from config.demo.play.tale import Tale, instant
from config.demo.play.troupe import Troupe

DEADLINE = instant("2026-04-29 09:30")


def leave_open(troupe: Troupe, case: TenderCase) -> Tale:
    """Notice of one more tender."""
    tale = Tale(troupe, case, DEADLINE)
    for step in (notice.draft, notice.keep_custody, notice.rehearse, notice.publish):
        step(tale)
    return tale


def guide(played: Tale, going: Tale) -> None:
    """Write down where to look and whom to sign in as."""
    cast, (lot, case) = played.troupe.cast, played.pairs[0]
    winner = next(offer.bidder for offer in case.offers if offer.price == played.amounts[lot])
    losers = [offer.bidder for offer in case.offers if offer.bidder != winner]
    around = (cast.purchaser, cast.agent, cast.centre, cast.regulator, cast.guarantor)
    panel = [expert.person for expert in played.panels[lot]]
    shown: list[Person] = [cast.operator, *around, winner, *losers[:2], *panel[:3]]
    played.troupe.tell_visitors(shown, _look(played, going))


def _look(played: Tale, going: Tale) -> list[tuple[str, str]]:
    lot = played.lots[0]
    return [
        ("首页与公告 the market", "/"),
        ("本次招标全程 the tender that was played", f"/tenders/{played.tender}"),
        ("开标大厅 the opening hall", f"/bidding/lots/{lot}/hall/"),
        ("开标记录 the opening record", f"/bidding/lots/{lot}/record/"),
        ("专家抽取 the draw of the panel", f"/experts/lots/{lot}/draw/"),
        ("评标结果 the result", f"/evaluation/lots/{lot}/result/"),
        ("如何核验我们 how to check us", "/verify"),
        ("公开证据包 the public evidence of the tender", f"/supervision/tenders/{played.tender}/bundle"),
        ("公开日志 the public log", "/log/checkpoint"),
        ("正在投标 a tender that takes bids now: sign in as a bidder", f"/bidding/lots/{going.lots[0]}/"),
    ]
