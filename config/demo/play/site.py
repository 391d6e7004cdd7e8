"""Pure. Where a site is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The origins of its pages and of its live rooms."""

    pages: str
    live: str
