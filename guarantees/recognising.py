"""Recognising: a cover that was opened with its bid and found good becomes a guarantee on record.

Enters: the opening's act in progress, the lot, the party, cover bytes. Leaves: a guarantee and its entry.
"""

from __future__ import annotations

from typing import Any

from guarantees.checking import cover_blockers, issuer_of
from guarantees.cover import read
from guarantees.events import GuaranteeRecognised
from guarantees.models import Guarantee
from ledger.act import This
from ledger.errors import refuse
from trading import authority
from trading.models import Lot, Party


def recognise(this: This[Any], lot: Lot, party: Party, plain: bytes) -> Guarantee:
    """Put the cover of `party` for `lot` on record, once; `Refused` cover.* when it does not stand behind the bid."""
    refuse(cover_blockers(plain, lot, party, this.now))
    cover = read(plain, authority.roots(), this.now)
    terms = cover.terms
    facts = {
        "issuer": issuer_of(cover),
        "kind": terms.kind,
        "number": terms.number,
        "amount": terms.amount,
        "since": terms.since,
        "until": terms.until,
        "account": terms.account or "",
        "rate": terms.rate or 0,
    }
    row, fresh = Guarantee.objects.get_or_create(lot=lot, party=party, defaults=facts)
    if fresh:
        happened = GuaranteeRecognised(row.code, lot.code, party.code, terms.kind, terms.number, terms.amount)
        this.record(happened, scope=lot.code)
    return row
