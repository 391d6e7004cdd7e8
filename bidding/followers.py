"""Followers of bidding: a custodian's shares or an opened hall, once in the log, set the decryption going."""

from __future__ import annotations

from bidding.opening.due import send
from bidding.opening.events import HallOpened, SharesReleased
from ledger.canon import tag_of
from ledger.feed import News, follow
from trading.models import Lot

HEARD = frozenset({tag_of(HallOpened), tag_of(SharesReleased)})


@follow("bidding.opening")
def decrypt_when_complete(news: News) -> None:
    """Send one task for each envelope when the custodians who came satisfy the policy."""
    if news.entry.tag not in HEARD:
        return
    lot = Lot.objects.select_related("tender").filter(code=news.scope).first()
    if lot is not None:
        send(lot)
