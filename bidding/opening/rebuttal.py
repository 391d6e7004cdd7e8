"""Rebutting a testimony: a bidder shows that the own envelope does open (sealing.md, "Whose failure").

Enters: the file key of an envelope of which custodians signed "does not open". Leaves: the failure on the other side,
when the key satisfies the MAC and the stanza follows from it. It opens nothing, and the key is not kept.
"""

from __future__ import annotations

import hmac

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.header import mac
from bidding.envelope.receiving import check_header
from bidding.envelope.unsealing import check_rebuilt
from bidding.envelope.x25519 import FILE_KEY
from bidding.hall.entering import require_hall
from bidding.hall.objections import SIGNED, own_bid
from bidding.models.opening import FAILED, Bid
from bidding.opening.deciding import NOT_OPENED, Side
from bidding.opening.events import TestimonyRebutted
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Reason, Refused, _
from trading.models import Lot

NO_TESTIMONY = Reason("bidding.no_testimony", _("No custodian signed that your envelope does not open."))
WRONG_KEY = Reason("bidding.wrong_file_key", _("This is not the key with which your envelope was sealed."))


def rebut(lot: Lot, file_key: bytes, *, actor: Actor) -> Bid:
    """Move the failure of the own envelope to the other side. Refused `bidding.no_testimony`, `.wrong_file_key`,
    `.dishonest_stanza`, `.record_signed`.
    """
    with act("bidding:testimony:rebut", actor, on=lot) as this:
        bid = own_bid(this.on, actor)
        if require_hall(this.on).record:
            raise Refused(SIGNED)
        if (bid.state, bid.reason, bid.side) != (FAILED, NOT_OPENED.code, Side.BIDDER):
            raise Refused(NO_TESTIMONY)
        _check(this.on, bid, file_key)
        this.swap(bid, side=(Side.BIDDER.value, Side.OTHER.value))
        this.record(TestimonyRebutted(lot.code, bid.round, bid.number, bid.envelope.number))
    return bid


def _check(lot: Lot, bid: Bid, file_key: bytes) -> None:
    row, sheet = bid.envelope, sheet_in_force(lot)
    received = check_header(bytes(row.header), sheet=sheet, submission=row.submission, size=row.size)
    is_key = len(file_key) == FILE_KEY
    if not is_key or not hmac.compare_digest(mac(file_key, received.header.stanzas), received.header.mac):
        raise Refused(WRONG_KEY)
    check_rebuilt(received, file_key, sheet)
