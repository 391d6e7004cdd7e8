"""Checks 26 and 30: sheets of members for another seat, and disclosures that hold no sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from evaluation.sheet import AdmissionSheet, Part, ScoreSheet
from ledger.canon import PLAIN, Reader, decode, encode
from supervision.verifier.case import DISCLOSED, Happened
from supervision.verifier.sheets import SIGNED
from tests.supervision.forger import Forger, Lie

ONE = "sl-2026-0001-1"
KINDS: dict[Part, Any] = {Part.ADMISSION: AdmissionSheet, Part.SCORES: ScoreSheet}


def _signed(forger: Forger, part: Part) -> list[Happened]:
    return forger.case.all(SIGNED, lot=ONE, part=part.value, edition=1)


def _read(forger: Forger, part: Part, one: Happened) -> Any:
    return decode(KINDS[part], PLAIN[bytes].read(Reader(forger.case.disclosed[one.id, "record"]["value"])))


def _write(sheet: Any) -> bytes:
    return PLAIN[bytes].write(encode(sheet))


def exchanged(part: Part) -> Lie:
    """Two members made out their sheets for each other's seat."""

    def lie(forger: Forger) -> None:
        one, two = _signed(forger, part)[:2]
        for mine, other in ((one, two), (two, one)):
            forger.disclose(mine, "record", _write(replace(_read(forger, part, mine), seat=other["seat"])))

    return lie


def same_seat(part: Part) -> Lie:
    """The second member made out the sheet for the seat of the first."""

    def lie(forger: Forger) -> None:
        one, two = _signed(forger, part)[:2]
        forger.disclose(two, "record", _write(replace(_read(forger, part, two), seat=one["seat"])))

    return lie


def changed(part: Part, to: Callable[[bytes], bytes]) -> Lie:
    """What was disclosed has other canonical bytes."""

    def lie(forger: Forger) -> None:
        one = _signed(forger, part)[0]
        forger.disclose(one, "record", to(forger.case.disclosed[one.id, "record"]["value"]))

    return lie


def hidden(part: Part) -> Lie:
    """A sheet was never disclosed."""

    def lie(forger: Forger) -> None:
        one = _signed(forger, part)[0]
        forger.drop(next(said for said in forger.case.all(DISCLOSED) if said["entry"] == one.id))

    return lie


def _told(part: Part) -> list[tuple[str, Lie]]:
    other = Part.SCORES if part is Part.ADMISSION else Part.ADMISSION
    return [
        (f"{part}: two made out for each other's seat", exchanged(part)),
        (f"{part}: made out for the seat of another", same_seat(part)),
        (f"{part}: a byte too many", changed(part, lambda value: value + b"\0")),
        (f"{part}: a byte too few", changed(part, lambda value: value[:-1])),
        (f"{part}: no sheet", changed(part, lambda _value: PLAIN[bytes].write(b"no sheet"))),
        (f"{part}: a sheet of {other}", _of(part, other)),
        (f"{part}: never disclosed", hidden(part)),
    ]


def _of(part: Part, other: Part) -> Lie:
    def lie(forger: Forger) -> None:
        forger.disclose(_signed(forger, part)[0], "record", _write(_read(forger, other, _signed(forger, other)[0])))

    return lie


LIES: list[tuple[int, str, str, Lie]] = [
    (number, "whole", what, lie) for number in (26, 30) for part in Part for what, lie in _told(part)
]
