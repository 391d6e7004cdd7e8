"""Pure. Rule: a paper that is judged blind (暗标) tells nowhere whose it is: not in its name, text or properties.

Enters: a file that is such a paper, its archive if it is an office file, the bidder's names. Leaves: findings. Twin:
preflight/blind.ts. Names are sought in every XML part, tags and all: comments and tracked changes name authors too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from bidding.preflight.archive import Archive
from bidding.preflight.finding import Candidate, Finding
from bidding.preflight.markup import elements, folded, words
from bidding.preflight.office import text_of

PROPERTIES = {
    "docProps/core.xml": ("creator", "lastModifiedBy"),
    "docProps/app.xml": ("Company", "Manager"),
}
LEGAL = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团公司|公司|集团)$")
SHORTEST = 2
BLOCK = 1 << 20


def own_words(name: str, credit_code: str) -> tuple[str, ...]:
    """What a firm is known by: name, short name, credit code. The longest first."""
    short = name
    while LEGAL.search(short):
        short = LEGAL.sub("", short)
    found = [name, short] if SHORTEST < len(short) < len(name) else [name]
    return tuple(word for word in (*found, credit_code) if len(word) > SHORTEST)


def check_blind(one: Candidate, archive: Archive | None, source: BinaryIO, names: Iterable[str]) -> Iterator[Finding]:
    """The findings about one blind paper."""
    sought = [(word, folded(word)) for word in names]
    yield from _sought(one.name, one.name, one.name, sought)
    if archive is not None:
        yield from _in_office(one.name, archive, sought)
    elif one.name.lower().endswith(".pdf"):
        yield from _in_bytes(one, source, sought)
        yield Finding("bidding.blind_pdf", one.name)
    elif one.size:
        yield Finding("bidding.blind_unread", one.name)


def _sought(file: str, part: str, text: str, sought: list[tuple[str, str]]) -> Iterator[Finding]:
    """The longest word that stands in the text; a short name inside a full one is not told twice."""
    within = folded(text)
    for word, form in sought:
        if form in within:
            yield Finding("bidding.blind_name", file, {"word": word, "part": part})
            return


def _in_office(file: str, archive: Archive, sought: list[tuple[str, str]]) -> Iterator[Finding]:
    for part, fields in PROPERTIES.items():
        xml = text_of(archive, part) if part in archive.members else ""
        for field in fields:
            said = next((words(inner).strip() for _given, inner in elements(xml, field)), "")
            if said:
                yield Finding("bidding.blind_metadata", file, {"field": field, "word": said})
    for part in sorted(archive.members):
        if part.lower().endswith((".xml", ".rels")) and part not in PROPERTIES:
            xml = text_of(archive, part)
            yield from _sought(file, part, words(xml) + "\n" + xml, sought)


def _in_bytes(one: Candidate, source: BinaryIO, sought: list[tuple[str, str]]) -> Iterator[Finding]:
    """Names as they stand in the bytes of a PDF outside its compressed streams: title, author, XMP."""
    forms = [(word, (word.encode(), word.encode("utf-16-be"))) for word, _form in sought]
    longest = max((len(form) for _word, pair in forms for form in pair), default=1)
    source.seek(0)
    rest = b""
    while block := source.read(BLOCK):
        window = rest + block
        for word, pair in forms:
            if any(form in window for form in pair):
                yield Finding("bidding.blind_name", one.name, {"word": word, "part": "PDF"})
                return
        rest = window[-longest:]
