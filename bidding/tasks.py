"""Tasks of bidding: one for each envelope that its custodians allow to be opened; and one for timestamps of receipts.

Enters: the code of a bid. Leaves: the envelope decided; and, after the last one of a lot, its prices read. Both may run
twice: what is done stays as it is. The worker is a process of its own, with limits of its own for each envelope.
"""

from __future__ import annotations

from celery import shared_task

from bidding.opening.attempts import try_to_open
from bidding.opening.due import TASK, read_if_due
from bidding.opening.limits import limited
from bidding.submission import stamping
from ledger.errors import Conflict


@shared_task(name=TASK)  # type: ignore[untyped-decorator] # celery ships no types
def decrypt(code: str) -> None:
    """Open the envelope of the bid `code`; then read the prices if it was the last one and nothing hinders."""
    try:
        lot = try_to_open(code, limited).lot
    except Conflict:
        return  # another worker decided it first
    read_if_due(lot)


@shared_task(name=stamping.TASK)  # type: ignore[untyped-decorator] # celery ships no types
def stamp() -> None:
    """Fetch the timestamps that receipts wait for."""
    stamping.stamp_waiting()
