"""Finds the entry points of the rooms: a room that has none is passed over, one that is broken stops the start."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings

PREFIXES = {"trading": "", "ledger": "log/"}  # the rest stand under their own name


@cache
def room_modules(name: str) -> tuple[tuple[str, ModuleType], ...]:
    """(address prefix, module `<room>.<name>`) of every room that has one; an ImportError inside one is raised."""
    found = [room for room in settings.ROOMS if find_spec(f"{room}.{name}")]
    return tuple((PREFIXES.get(room, f"{room}/"), import_module(f"{room}.{name}")) for room in found)
