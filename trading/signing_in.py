"""Sign-in times are kept to the day: a row must not tell who signed in a minute before a bid came (sealing.md)."""

from __future__ import annotations

from typing import Any

from ledger import clock
from trading.forms import SHANGHAI
from trading.models import Account


def keep_the_day(sender: type[Account], user: Account, **_signal: Any) -> None:  # noqa: ARG001  a signal's arguments
    """Store the day of a sign-in, midnight in Shanghai, and not its time."""
    day = clock.real_now().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    Account.objects.filter(pk=user.pk).update(last_login=day)
