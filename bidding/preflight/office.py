"""Pure. Whether a docx or xlsx is one: a ZIP in order that names its main part and holds it; and its parts as text.

Enters: a stream, the file's ending. Leaves: the archive. `Damaged`, `Locked` (an OLE file in disguise: under a
password), `Bomb`. Twin: preflight/office.ts.
"""

from __future__ import annotations

from typing import BinaryIO

from bidding.preflight.archive import Archive, Damaged, Locked
from bidding.preflight.markup import attributes, decoded, elements

TYPES = "[Content_Types].xml"
MAIN = {"docx": "wordprocessingml.document.main+xml", "xlsx": "spreadsheetml.sheet.main+xml"}
MACROS = {"docx": "word.document.macroenabled.main+xml", "xlsx": "excel.sheet.macroenabled.main+xml"}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def opened(source: BinaryIO, ending: str) -> Archive:
    """The archive of an office file whose main part is there."""
    source.seek(0)
    if source.read(len(OLE)) == OLE:
        raise Locked
    archive = Archive(source)
    if main_part(archive, ending) not in archive.members:
        raise Damaged
    return archive


def main_part(archive: Archive, ending: str) -> str:
    """The name of the main part, as the list of content types gives it; "" without one."""
    types = decoded(archive.read(TYPES))
    for given, _inner in elements(types, "Override"):
        found = attributes(given)
        kind = found.get("ContentType", "").lower()
        if kind.endswith((MAIN[ending], MACROS[ending])):
            return found.get("PartName", "").lstrip("/")
    return ""


def text_of(archive: Archive, name: str) -> str:
    """A part as XML text."""
    return decoded(archive.read(name))
