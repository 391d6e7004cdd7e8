"""The one clock. Enters: nothing. Leaves: the instant now, aware, UTC, from the source named in the settings.

Acts read it once; certificates, receipts and timestamps take it; sign-in sessions and sockets keep real time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Source(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """The instant, aware."""


class SystemSource:
    """The machine's clock, disciplined from outside."""

    def now(self) -> datetime:
        """The machine's instant in UTC."""
        return datetime.now(UTC)


@cache
def _source(path: str) -> Source:
    source: Source = import_string(path)()
    return source


def now() -> datetime:
    """The present instant of the house."""
    return _source(settings.SUNLIGHT_CLOCK).now()


def real_now() -> datetime:
    """The machine's instant, for sessions and leases between processes, never for a legal moment."""
    return datetime.now(UTC)
