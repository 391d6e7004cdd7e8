"""Pure. Interest on a deposit: principal x rate / 360 x days, to the cent, half up (domain.md 7.1; Regulation 57).

Enters: principal in yuan, rate in percent a year, value date and day of payout. Leaves: interest in yuan.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
YEAR = 360
PERCENT = 100


def days_between(since: date, payout: date) -> int:
    """Days that bear interest: the value date counts, the day of payout does not."""
    return max(0, (payout - since).days)


def interest(principal: Decimal, rate: Decimal, since: date, payout: date) -> Decimal:
    """The interest due, in yuan."""
    due = principal * rate * days_between(since, payout) / (YEAR * PERCENT)
    return due.quantize(CENT, ROUND_HALF_UP)
