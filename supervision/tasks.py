"""Tasks of supervision: making the archives of moments, verifying again what is kept. Both take long."""

from __future__ import annotations

from celery import shared_task

from ledger import clock
from supervision import archiving, rechecks, reverifying


@shared_task(name=archiving.TASK)  # type: ignore[untyped-decorator] # celery ships no types
def archive() -> None:
    """Make the archives that are ready."""
    archiving.make_due(clock.now())


@shared_task(name=rechecks.TASK)  # type: ignore[untyped-decorator]  # celery ships no types
def reverify(subject: str) -> None:
    """Verify the evidence of a tender, or the whole log ("log")."""
    reverifying.reverify(subject)
