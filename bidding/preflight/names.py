"""Pure. Rule: what packing or the opening would refuse about names, number and size of the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bidding.envelope.manifest import MAX_ENTRIES
from bidding.envelope.names import check_distinct, check_name
from bidding.envelope.padding import MAX_PACKAGE
from bidding.preflight.finding import Candidate, Finding
from ledger.errors import Refused

COVER_KEY = "cover.key"  # the key of the cover travels under this name
MOST_FILES = MAX_ENTRIES - 1
ROOM = 1 << 22  # manifest, signature and directory


def check_names(files: Sequence[Candidate]) -> Iterator[Finding]:
    """The findings: every one of them blocks."""
    if not files:
        yield Finding("bidding.no_files")
    for one in files:
        yield from _refusals(one.name)
    try:
        check_distinct([COVER_KEY, *(one.name for one in files)])
    except Refused:
        yield Finding("bidding.file_twice")
    if len(files) > MOST_FILES:
        yield Finding("bidding.files_many", facts={"most": str(MOST_FILES)})
    if sum(one.size for one in files) > MAX_PACKAGE - ROOM:
        yield Finding("bidding.package_large", facts={"most": str(MAX_PACKAGE - ROOM)})


def _refusals(name: str) -> Iterator[Finding]:
    try:
        check_name(name)
    except Refused:
        yield Finding("bidding.file_name", name)
