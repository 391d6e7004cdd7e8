"""The client's own clock, on the machine of the person it works for; the site's clock is never asked for this."""

from __future__ import annotations

from datetime import UTC, datetime


def own_now() -> datetime:
    """The instant on this machine, aware, UTC."""
    return datetime.now(UTC)
