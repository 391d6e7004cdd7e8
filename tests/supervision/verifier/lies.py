"""Lies without number: every kind of entry, each of its fields, every record, told otherwise in each plain way.

Enters: a case. Leaves: lies by name. What each lie makes each check say stands in tests/vectors/findings
(findings.py). Lies about one rule that need a hand stand beside these (told/).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bidding.hall.opening_record import OpeningRecord
from bidding.opening.events import Readout
from bidding.opening.statement import Statement
from evaluation.report import Report
from evaluation.sheet import AdmissionSheet, ScoreSheet
from experts.lottery import Request
from ledger.canon import PLAIN, Malformed, Reader, decode, encode
from supervision.verifier.case import DISCLOSED, LIFTED, VEILED, Case, Happened
from supervision.verifier.envelopes import CLOSED, SEALED
from supervision.verifier.log import TRAIL
from tests.supervision.forger import Forger, Lie, other
from trading.records import Addendum, AwardNotice, CandidatesNotice, ContractRecord, FailureNotice, TenderNotice

RECORDS = (
    TenderNotice, Addendum, CandidatesNotice, AwardNotice, ContractRecord, FailureNotice, OpeningRecord, Readout,
    Statement, Report, Request,
)  # fmt: skip
SHEETS = (AdmissionSheet, ScoreSheet)
STEPS = (1, 3, 9)  # how far apart two kinds of entries stand that change places
Named = tuple[str, Lie]


def ways(value: Any) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """The plain ways to tell a value otherwise, by name."""
    if value is None:
        return
    if value != ():
        yield "other", other
    match value:
        case bool():
            return
        case int() | Decimal():
            yield "less", lambda old: old - 1
        case str() if value:
            yield "empty", lambda _old: ""
        case datetime():
            yield "sooner", lambda old: old - timedelta(seconds=1)
            yield "much sooner", lambda old: old - timedelta(days=10)
            yield "much later", lambda old: old + timedelta(days=10)
        case tuple() if value:
            yield "shorter", lambda old: old[:-1]
            yield "longer", lambda old: (*old, old[0])
            if len(value) > 1:
                yield "turned", lambda old: old[::-1]


def chosen(case: Case) -> dict[str, Happened]:
    """One entry of every kind."""
    counted = {one.number for closing in case.all(CLOSED) for one in closing["envelopes"]}
    return {
        tag: next((one for one in ones if tag == SEALED and one["number"] in counted), ones[0])
        for tag, ones in sorted(case.by_tag.items())
    }


def lies(case: Case) -> dict[str, Lie]:
    """Every lie about a case, by name."""
    return dict((*_fields(case), *_whole(case), *_places(case), *_records(case), *_sheets(case), *_private(case)))


def _fields(case: Case) -> Iterator[Named]:
    for tag, one in chosen(case).items():
        values = {**one.entry.values, "at": one.at, **({"by": one.by} if one.by else {})}
        for name, value in values.items() if tag != TRAIL else ():
            for way, to in ways(value):
                yield f"{tag}.{name}: {way}", _says(one, name, to)


def _says(one: Happened, name: str, to: Callable[[Any], Any]) -> Lie:
    old = getattr(one, name) if name in {"at", "by"} else one[name]
    return lambda forger: forger.say(one, **{name: to(old)})


def _whole(case: Case) -> Iterator[Named]:
    """Left out, doubled, the last of it; and what a bundle showed when the last entry of a kind had come."""
    for tag, one in chosen(case).items():
        last = case.by_tag[tag][-1]
        yield f"{tag}: dropped", lambda forger, one=one: forger.drop(one)  # type: ignore[misc]
        if last is not one:
            yield f"{tag}: last dropped", lambda forger, one=last: forger.drop(one)  # type: ignore[misc]
        if tag not in {LIFTED, DISCLOSED, TRAIL}:
            yield f"{tag}: doubled", lambda forger, one=one: forger.double(one)  # type: ignore[misc]
        yield f"{tag}: cut", lambda forger, at=last.index: forger.cut(at)  # type: ignore[misc]


def _places(case: Case) -> Iterator[Named]:
    """Entries of two kinds in each other's place."""
    inner = {one.index for one in case.inner}
    ones = sorted((one for one in chosen(case).values() if one.index not in inner), key=lambda one: one.index)
    for step in STEPS:
        for one, two in zip(ones, ones[step:], strict=False):
            yield f"{one.tag} <-> {two.tag}", lambda forger, one=one, two=two: forger.exchange(one, two)  # type: ignore[misc]


def records(case: Case) -> Iterator[tuple[bytes, Any]]:
    """The first record of every kind among the objects, in the order in which entries name them, with its digest."""
    seen: set[type] = set()
    for one in (*case.open, *case.inner):
        for value in one.entry.values.values():
            if isinstance(value, bytes) and value.hex() in case.objects:
                found = _record(case.objects[value.hex()])
                if found is not None and type(found) not in seen:
                    seen.add(type(found))
                    yield value, found


def _record(data: bytes) -> Any:
    for kind in RECORDS:
        try:
            return decode(kind, data)
        except Malformed:
            continue
    return None


def _records(case: Case) -> Iterator[Named]:
    """A record that says otherwise, named by everybody who named the other one."""
    for digest, record in records(case):
        for where, to in inside(record):
            yield f"{type(record).__name__}{where}", _retells(digest, record, to)


def _retells(digest: bytes, record: Any, to: Callable[[Any], Any]) -> Lie:
    return lambda forger: forger.retell(digest, encode(to(record)))


def inside(record: Any) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Every way to tell a record otherwise: each field, and each field of the first of its lines."""
    for one in dataclasses.fields(record):
        value, name = getattr(record, one.name), one.name
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            for way, to in inside(value):
                yield f".{name}{way}", _with(name, to)
            continue
        for way, to in ways(value):
            yield f".{name}: {way}", _with(name, to)
        if isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            for way, to in inside(value[0]):
                yield f".{name}[0]{way}", _with(name, _first(to))


def _with(name: str, to: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda old: dataclasses.replace(old, **{name: to(getattr(old, name))})


def _first(to: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda old: (to(old[0]), *old[1:])


def _sheets(case: Case) -> Iterator[Named]:
    """A member's sheet that says otherwise, committed to and disclosed alike."""
    for part, kind in zip(("admission", "scores"), SHEETS, strict=True):
        one = case.first("evaluation:sheet:signed", part=part)
        said = case.disclosed.get((one.id, "record")) if one else None
        if one and said:
            sheet: Any = decode(kind, PLAIN[bytes].read(Reader(said["value"])))
            for where, to in inside(sheet):
                yield f"{kind.__name__}{where}", _disclosing(one, sheet, to)


def _disclosing(one: Happened, sheet: Any, to: Callable[[Any], Any]) -> Lie:
    return lambda forger: forger.disclose(one, "record", PLAIN[bytes].write(encode(to(sheet))))


def _private(case: Case) -> Iterator[Named]:
    """Of every kind of private part the first: another byte in it, or gone."""
    first = {name.rpartition(".")[2]: name for name in sorted(case.private, reverse=True)}
    for ending, name in sorted(first.items()):
        for at in (0, -1):
            yield f"private .{ending}: byte {at}", _spoiled(name, at)
        yield f"private .{ending}: dropped", lambda forger, name=name: forger.private.pop(name)  # type: ignore[misc]


def _spoiled(name: str, at: int) -> Lie:
    def lie(forger: Forger) -> None:
        data = bytearray(forger.private[name])
        data[at] ^= 1
        forger.private[name] = bytes(data)

    return lie


def kinds(case: Case) -> set[str]:
    """The kinds of entries in a case, veiled leaves aside."""
    return set(case.by_tag) - {VEILED}
