"""The shared vectors of entries: one of each tag reads back, and no reader takes an unknown kind or field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.canon import Malformed
from ledger.events import read_entry
from tests.ledger.entry_vectors import STAMP_FIELDS, VECTORS, applied, entry_vectors, plain_of, text_of
from tests.ledger.golden import GOLDEN


@pytest.fixture(scope="module")
def vectors() -> Any:
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def test_the_file_is_what_we_compute() -> None:
    assert VECTORS.read_text(encoding="utf-8") == text_of(entry_vectors())


def test_every_tag_of_the_golden_file_has_entries_and_its_fields(vectors: Any) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert [one["tag"] for one in vectors["taken"]] == [tag for tag in golden for _twice in range(2)]
    assert {tag: [name for name, _kind in one["fields"]] for tag, one in vectors["events"].items()} == {
        tag: [field.partition(":")[0] for field in fields] for tag, fields in golden.items()
    }


def test_what_is_taken_is_read_as_the_vectors_say(vectors: Any) -> None:
    for one in vectors["taken"]:
        entry = read_entry(bytes.fromhex(one["bytes"]))
        stamp = entry.stamp and {name: plain_of(getattr(entry.stamp, name)) for name in STAMP_FIELDS}
        said = (entry.tag, stamp, {name: plain_of(value) for name, value in entry.values.items()})
        assert said == (one["tag"], one["stamp"], one["values"])


def test_no_unknown_kind_and_no_field_more_less_or_other_is_read(vectors: Any) -> None:
    read = []
    for one in vectors["refused"]:
        data = bytes.fromhex(vectors["taken"][one["of"]]["bytes"])
        try:
            read_entry(applied(data, one["edits"]))
        except Malformed:
            continue
        read.append((vectors["taken"][one["of"]]["tag"], one["why"]))
    assert read == []
    assert len(vectors["refused"]) > 10 * len(vectors["events"])
