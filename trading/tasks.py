"""Tasks of trading: fetching a timestamp for the log, which takes a network and must not hold up the ticker."""

from __future__ import annotations

from celery import shared_task

from trading import dating_log


@shared_task(name=dating_log.TASK)  # type: ignore[untyped-decorator]  # celery ships no types
def date_log() -> None:
    """Have the newest checkpoint dated."""
    dating_log.date_newest()
