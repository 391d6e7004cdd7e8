"""Notice of a failed lot: news from the rooms above becomes a public notice (Bidding Law, articles 28 and 42).

Enters: the entry in which the room above says that a lot failed. Leaves: the notice, once for a lot, by the clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import _
from ledger.feed import News
from trading.events import FailureNoticed
from trading.models import Lot, Notice
from trading.noticing import give
from trading.records import FailureNotice
from trading.stages import Stage

# The entry of the room above, with the cause that the record names.
CAUSES: Mapping[str, str] = {
    "bidding:lot:failed": "few_bids",
    "bidding:opening:failed": "none_opened",
    "evaluation:lot:failed": "all_rejected",
}
WORDS: Mapping[str, tuple[str, str]] = {
    "few_bids": (_("Fewer bids than the law asks for; nothing was opened."), _("Bidding Law, article 28")),
    "none_opened": (_("No bid could be opened."), _("Electronic Tendering Measures, article 31")),
    "all_rejected": (_("The panel rejected every bid."), _("Bidding Law, article 42")),
}


def hear(news: News) -> None:
    """Give notice if `news` says that a lot failed and nobody has yet."""
    cause = CAUSES.get(news.entry.tag)
    lot = Lot.objects.filter(code=news.scope, stage=Stage.FAILED).first() if cause else None
    if cause and lot and not Notice.objects.filter(lot=lot, kind="failure").exists():
        _give(lot, cause, news)


def _give(lot: Lot, cause: str, news: News) -> None:
    with act("trading:failure:notice", THE_CLOCK, on=lot) as this:
        count, least = (news.entry.values.get(name) for name in ("count", "least"))
        record = FailureNotice(lot.code, lot.title, cause, count, least, this.now, news.index)
        notice = give(this, lot.tender, record, lot.title, lot=lot)
        this.record(FailureNoticed(lot.code, cause, bytes.fromhex(notice.digest)))
