"""The formats of entries are pinned: what stands in the log stays readable for ever."""

from __future__ import annotations

import json

import pytest

from ledger.canon import Malformed, encode, record
from ledger.errors import Refused
from ledger.events import Stamp, read_entry, write_entry
from tests.ledger.golden import GOLDEN, RECORDS, record_shapes, shapes
from tests.world import MORNING
from trading.events import PartyRegistered

STAMP = Stamp(b"\x07" * 16, MORNING, "abc")


def test_every_event_is_as_the_golden_file_pins_it() -> None:
    assert shapes() == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_every_record_is_as_the_golden_file_pins_it() -> None:
    assert record_shapes() == json.loads(RECORDS.read_text(encoding="utf-8"))


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = read_entry(write_entry(PartyRegistered("p", "91460100MA00000001", "临澜"), STAMP))
    assert (entry.tag, entry.stamp) == ("trading:party:registered", STAMP)
    assert entry.values == {"party": "p", "credit_code": "91460100MA00000001", "name": "临澜"}


def test_unknown_tags_fields_and_trailing_bytes_are_refused() -> None:
    @record("trading:party:vanished")
    class Vanished:
        party: str

    good = write_entry(PartyRegistered("p", "c", "n"), STAMP)
    for wrong in (
        encode(Vanished("p")),
        good + b"\0",
        good[:-1],
        b"",
        good.replace(b"\x00\x00\x00\x06", b"\x00\x00\x00\x07", 1),
    ):
        with pytest.raises((Malformed, Refused)):
            read_entry(wrong)


def test_an_entry_has_its_size() -> None:
    with pytest.raises(Malformed):
        write_entry(PartyRegistered("p", "c", "n" * 65_535), STAMP)
