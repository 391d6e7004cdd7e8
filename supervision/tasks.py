"""Tasks of supervision: verifying again what is kept, which takes long and must not hold up the ticker."""

from __future__ import annotations

from celery import shared_task

from supervision import rechecks, reverifying


@shared_task(name=rechecks.TASK)  # type: ignore[untyped-decorator]  # celery ships no types
def reverify(subject: str) -> None:
    """Verify the evidence of a tender, or the whole log ("log")."""
    reverifying.reverify(subject)
