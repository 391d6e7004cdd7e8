"""Names and bytes of tlog-tiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Broken
from ledger.tiles import bundle, number_path, parse_path, tile_path, unbundle


def test_paths_as_the_specification_prints_them() -> None:
    assert number_path(1_234_067) == "x001/x234/067"
    assert tile_path(0, 5) == "tile/0/005"
    assert tile_path("entries", 1000, 17) == "tile/entries/x001/000.p/17"


@given(st.integers(0, 63) | st.just("entries"), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_is_read_as_it_was_written(level: int | str, number: int, width: int) -> None:
    assert parse_path(tile_path(level, number, width)) == (str(level), number, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/5",
        "tile/0/x000/005",
        "tile/64/005",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/../005",
        "tile/00/005",
    ],
)
def test_second_spellings_are_refused(path: str) -> None:
    with pytest.raises(Broken):
        parse_path(path)


@given(st.lists(st.binary(max_size=300)))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == entries


def test_a_short_bundle_is_refused() -> None:
    with pytest.raises(Broken):
        unbundle(bundle([b"abc"])[:-1])
    with pytest.raises(Broken):
        unbundle(b"\x00")
