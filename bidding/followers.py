"""Followers of bidding: a custodian's shares or an opened hall, once in the log, set the decryption going; what came
veiled too late loses its veil.
"""

from __future__ import annotations

from bidding.opening.due import send
from bidding.opening.events import HallOpened, SharesReleased
from bidding.submission.lifting import lift_if_over
from ledger.canon import tag_of
from ledger.events import VeiledAdded
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


@follow("bidding.late")
def lift_what_came_late(news: News) -> None:
    """Lift a veil that came after those of its lot were lifted."""
    if news.entry.tag == tag_of(VeiledAdded):
        lift_if_over(news.row)
