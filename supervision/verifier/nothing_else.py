"""Pure. Check 40: the bundle holds nothing that the evidence does not name.

40. Every object is named, by its SHA-256, in an entry or in a record that an entry names; every private part belongs
    to a release or a draw of the tender. What nobody names could have been put there by anybody.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from bidding.hall.opening_record import OpeningRecord
from bidding.opening.statement import Statement
from bidding.submission.count import Count
from evaluation.report import Report
from ledger.canon import Malformed, Reader, decode, tag_of
from ledger.errors import _
from supervision.verifier.case import OBJECTS, PRIVATE, Case, fault
from supervision.verifier.check import Check, Found
from supervision.verifier.trust import Trust
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


def named(case: Case) -> set[str]:
    """Hex digests that entries name, and those that the records among the named objects name in their turn."""
    found = {
        digest.hex()
        for one in (*case.open, *case.inner)
        for value in one.entry.values.values()
        for digest in digests_in(value)
    }
    while more := {digest.hex() for name in found & case.objects.keys() for digest in _inside(case, name)} - found:
        found |= more
    return found


def _inside(case: Case, name: str) -> Iterator[bytes]:
    data = case.objects[name]
    if data[:1] != RECORD:
        return
    reader = Reader(data)
    try:
        reader.expect(RECORD[0])
        kind = KINDS.get(reader.block().decode("ascii", "replace"))
        if kind is not None:
            yield from digests_in(decode(kind, data))
    except Malformed:
        return


def nothing_else(case: Case, _trust: Trust) -> Found:
    """Check 40."""
    for name in sorted(case.objects.keys() - named(case)):
        yield fault("unnamed", _("Nothing in the log names %(name)s."), name=OBJECTS + name)
    batches = {f"{one['lot']}/{one['leaf']}.batch" for one in case.all("bidding:share:released")}
    salts = {f"{one['draw']}.salt" for one in case.all("experts:draw:requested")}
    own = {f"{one['lot']}/{one['receipt']}.share" for one in case.all("bidding:share:given")}
    for name in sorted(case.private.keys() - batches - salts - own):
        yield fault("unnamed", _("Nothing in the log names %(name)s."), name=PRIVATE + name)


CHECKS = (Check(40, _("Nothing else lies in the bundle"), nothing_else),)
