"""Pure. Rule: every file is what its ending says, whole, without a password, and of a bearable size when opened.

Enters: a file. Leaves: a finding, or the archive of an office file for the rules that look inside. A ZIP is read to
its end under limits; of a PDF the head and the tail are looked at.
"""

from __future__ import annotations

from typing import BinaryIO

from bidding.preflight.archive import Archive, Bomb, Damaged, Locked
from bidding.preflight.finding import Candidate, Finding
from bidding.preflight.office import MAIN, opened

HEAD = 1024
TAIL = 1 << 16
END = 2048


def check_whole(one: Candidate, source: BinaryIO, ending: str) -> tuple[list[Finding], Archive | None]:
    """The finding about a file, if there is one, and its archive if it is an office file in order."""
    if one.size == 0:
        return [Finding("bidding.file_empty", one.name)], None
    if ending == "pdf":
        return [Finding(code, one.name) for code in _pdf(one, source)], None
    if ending not in {*MAIN, "zip"}:
        return [], None
    try:
        archive = Archive(source) if ending == "zip" else opened(source, ending)
        archive.check()
    except Damaged:
        return [Finding("bidding.file_broken", one.name)], None
    except Locked:
        return [Finding("bidding.file_encrypted", one.name)], None
    except Bomb as bomb:
        return [Finding("bidding.file_bomb", one.name, {"size": str(bomb.size)})], None
    return [], archive


def _pdf(one: Candidate, source: BinaryIO) -> list[str]:
    source.seek(0)
    head = source.read(TAIL)
    source.seek(max(0, one.size - TAIL))
    tail = source.read(TAIL)
    if b"%PDF-" not in head[:HEAD] or b"%%EOF" not in tail[-END:] or b"startxref" not in tail[-END:]:
        return ["bidding.file_broken"]
    return ["bidding.file_encrypted"] if b"/Encrypt" in head + tail else []
