"""Pure. The cells of a spreadsheet as it lies in its file: texts and stored results, no formula is computed.

Enters: the archive of an xlsx. Leaves: sheets in their order, each with its rows of cells. Twin: preflight/workbook.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bidding.preflight.archive import Archive
from bidding.preflight.markup import attributes, elements, words
from bidding.preflight.office import main_part, text_of

PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
SOUND = re.compile(r"<rPh[ >].*?</rPh>", re.DOTALL)
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Cell:
    """A cell: its column from 0, the text or stored result, and whether a formula stands in it."""

    column: int
    text: str
    formula: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its number from 1, its cells that hold something."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, column: int) -> Cell:
        """The cell of a column; an empty one when there is none."""
        return next((cell for cell in self.cells if cell.column == column), Cell(column, ""))


def sheets(archive: Archive) -> Iterator[list[Row]]:
    """Every sheet that the workbook names, as rows."""
    main = main_part(archive, "xlsx")
    folder, _slash, name = main.rpartition("/")
    related = f"{folder}/_rels/{name}.rels".lstrip("/")
    targets = {}
    if related in archive.members:
        for given, _inner in elements(text_of(archive, related), "Relationship"):
            found = attributes(given)
            targets[found.get("Id", "")] = _part(folder, found.get("Target", ""))
    shared = _shared(archive, f"{folder}/sharedStrings.xml".lstrip("/"))
    for given, _inner in elements(text_of(archive, main), "sheet"):
        named = [value for key, value in attributes(given).items() if key.endswith(":id")]
        part = targets.get(named[0], "") if named else ""
        if part in archive.members:
            yield list(_rows(text_of(archive, part), shared))


def _part(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")


def _shared(archive: Archive, name: str) -> list[str]:
    if name not in archive.members:
        return []
    return [_spoken(inner) for _given, inner in elements(text_of(archive, name), "si")]


def _spoken(xml: str) -> str:
    """The text of a string: its runs, without the pronunciation that may stand beside it."""
    return "".join(words(inner) for _given, inner in elements(SOUND.sub("", xml), "t"))


def _rows(xml: str, shared: list[str]) -> Iterator[Row]:
    for at, (given, inner) in enumerate(elements(xml, "row")):
        if at >= MOST_ROWS:
            return
        number = attributes(given).get("r", "")
        cells = tuple(_cells(inner, shared))
        yield Row(int(number) if number.isascii() and number.isdigit() else at + 1, cells)


def _cells(xml: str, shared: list[str]) -> Iterator[Cell]:
    for at, (given, inner) in enumerate(elements(xml, "c")):
        found = attributes(given)
        place = PLACE.fullmatch(found.get("r", ""))
        text = _text(found.get("t", ""), inner, shared)
        formula = next(elements(inner, "f"), None) is not None
        if text or formula:
            yield Cell(_column(place[1]) if place else at, text.strip(), formula)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(kind: str, inner: str, shared: list[str]) -> str:
    if kind == "inlineStr":
        return _spoken(inner)
    value = next((words(text) for _given, text in elements(inner, "v")), "")
    if kind != "s":
        return value
    return shared[int(value)] if value.isascii() and value.isdigit() and int(value) < len(shared) else ""
