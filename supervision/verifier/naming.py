"""Pure. What names an object: a digest in an entry, or in a record that an entry names (docs/bundle.md).

Enters: a case. Leaves: for each digest that stands somewhere in it, the tag of what names it first. So a bundle holds
nothing that nobody named, and its head says of every object what it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from bidding.hall.opening_record import OpeningRecord
from bidding.opening.statement import Statement
from bidding.submission.count import Count
from evaluation.report import Report
from ledger.canon import Malformed, Reader, decode, tag_of
from supervision.verifier.case import Case, once_a_case
from trading.records import Addendum, AwardNotice, CandidatesNotice, ContractRecord, TenderNotice

RECORD = b"\x09"
RECORDS = (
    Count, TenderNotice, Addendum, CandidatesNotice, AwardNotice, ContractRecord, OpeningRecord, Report, Statement,
)  # fmt: skip
KINDS: Mapping[str, type] = {tag_of(kind): kind for kind in RECORDS}


def digests_in(value: object) -> Iterator[bytes]:
    """Every 32 bytes that stand somewhere in a value."""
    if isinstance(value, bytes) and len(value) == 32:
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from digests_in(one)
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from digests_in(getattr(value, one.name))


@once_a_case
def namers(case: Case) -> dict[str, str]:
    """Hex digests with the tag of the first entry that names each; else of the record, in the object whose name is the
    smallest, among the named objects and those that these name in their turn.
    """
    found: dict[str, str] = {}
    for one in sorted((*case.open, *case.inner), key=lambda one: one.index):
        for value in one.entry.values.values():
            for digest in digests_in(value):
                found.setdefault(digest.hex(), one.tag)
    by_entries, reached = set(found), set(found)
    said: dict[str, tuple[str, str]] = {}
    while fresh := sorted(reached & case.objects.keys()):
        reached = set()
        for holder in fresh:
            for tag, name in inside(case.objects[holder]):
                reached |= {name} - by_entries - said.keys()
                said[name] = min((holder, tag), said.get(name, (holder, tag)))
    return {**{name: tag for name, (_holder, tag) in said.items()}, **found}


def inside(data: bytes) -> Iterator[tuple[str, str]]:
    """The digests (hex) in a record that names others, with its tag; nothing for any other bytes."""
    if data[:1] != RECORD:
        return
    reader = Reader(data)
    try:
        reader.expect(RECORD[0])
        kind = KINDS.get(reader.block().decode("ascii", "replace"))
        for digest in digests_in(decode(kind, data)) if kind is not None else ():
            yield tag_of(kind), digest.hex()  # type: ignore[arg-type]
    except Malformed:
        return


def named(case: Case) -> set[str]:
    """Hex digests that entries name, and those that the records among the named objects name in their turn."""
    return set(namers(case))
