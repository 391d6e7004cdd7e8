"""Followers of trading: tells the live rooms that an entry about their scope is in the log."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from ledger.feed import News, follow
from trading.live import group_of


@follow("trading.live")
def announce(news: News) -> None:
    """Send the entry's number to its scope; a hint, sockets may ask "from n"."""
    if news.scope:
        message = {"type": "entry", "entry": news.index}
        async_to_sync(get_channel_layer().group_send)(group_of(news.scope), message)
