"""What the record's template needs: the record as it stands, objections, who has signed, what the reader may do.

Enters: a lot whose hall is open, who looks, the instant. Leaves: plain values; the reasons against a signature are
those of the act.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from bidding.hall.entering import require_hall
from bidding.hall.objections import objection_blockers, objections_of
from bidding.hall.opening_record import OpeningRecord
from bidding.hall.reading import readout_of
from bidding.hall.record import PART_OF, record_bytes, signing_blockers
from bidding.models.opening import PARTS
from ledger import rights
from ledger.actor import Actor
from ledger.canon import decode
from trading.models import Lot


def record_context(lot: Lot, actor: Actor, now: datetime) -> dict[str, Any]:
    """The context of the record page; `record` is None before the prices are read."""
    hall, read = require_hall(lot), readout_of(lot) is not None
    data = record_bytes(lot) if read else b""
    signatures = {row.part: row for row in hall.signatures.select_related("account")}
    may_object = rights.may("bidding:objection:raise", actor, lot)
    may_sign = rights.may("bidding:record:sign", actor, lot)
    return {
        "lot": lot,
        "hall": hall,
        "record": decode(OpeningRecord, data) if read else None,
        "digest": hashlib.sha256(data).hexdigest() if read else "",
        "is_final": bool(hall.record),
        "signatures": [(part, signatures.get(part)) for part in PARTS],
        "objections": objections_of(lot),
        "may_answer": rights.may("bidding:objection:answer", actor, lot) and not hall.record,
        "may_object": may_object,
        "object_reasons": objection_blockers(hall, now) if may_object else [],
        "may_sign": may_sign,
        "sign_reasons": signing_blockers(lot, PART_OF[actor.role], now) if may_sign else [],
    }
