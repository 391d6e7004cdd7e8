"""Followers of trading: tell the live rooms that an entry about their scope is in the log; notice failed lots."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from ledger.feed import News, follow
from trading import failing
from trading.live import group_of
from trading.sequence import before


@follow("trading.live")
def announce(news: News) -> None:
    """Send the entry's number to its scope, with that of the one before it, so that who missed one knows it.

    A hint: the log is the truth, and sockets may ask "from n".
    """
    if news.scope:
        message = {"type": "entry", "entry": news.index, "after": before(news.scope, news.index)}
        async_to_sync(get_channel_layer().group_send)(group_of(news.scope), message)


@follow("trading.failures")
def notice_failures(news: News) -> None:
    """Give public notice of lots that failed."""
    failing.hear(news)
