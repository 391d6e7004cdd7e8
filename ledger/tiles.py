"""Pure. Names and bytes of C2SP tlog-tiles: hash tiles of height 8 and entry bundles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.errors import Broken, _

WIDTH = 256
PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def number_path(number: int) -> str:
    """1234067 -> x001/x234/067."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The path of a tile or, with level "entries", of a bundle; a partial one ends in `.p/width`."""
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{number_path(number)}{partial}"


def parse_path(path: str) -> tuple[str, int, int]:
    """(level, number, width) of a tile path; `Broken` for any other spelling."""
    found = PATH.fullmatch(path)
    if not found:
        raise Broken(_("not a tile path"))
    number = int(found[2].replace("x", "").replace("/", ""))
    width = int(found[3]) if found[3] else WIDTH
    if width > WIDTH or tile_path(found[1], number, width) != path:
        raise Broken(_("not a tile path"))
    return found[1], number, width


def bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; `Broken` when it ends early."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise Broken(_("an entry bundle ends early"))
        entries.append(data[at + 2 : end])
        at = end
    return entries
