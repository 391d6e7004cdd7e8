"""Followers of guarantees: an award, a contract or a failure ends the purpose of guarantees (Regulation 57)."""

from __future__ import annotations

from guarantees.settling import settle
from ledger.feed import News, follow

ENDS = {"trading:contract:signed", "bidding:lot:failed", "bidding:opening:failed", "evaluation:lot:failed"}


@follow("guarantees.settling")
def settle_on_news(news: News) -> None:
    """Losers' guarantees go back with the award notice, the winner's with the contract, everybody's with a failure."""
    values = news.entry.values
    if news.entry.tag == "trading:award:noticed":
        settle(values["lot"], news.entry.tag, winner=values["winner"])
    elif news.entry.tag in ENDS:
        settle(values["lot"], news.entry.tag, winner=None)
