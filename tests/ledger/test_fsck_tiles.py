"""fsck on every file under log/: partial tiles of earlier sizes, of every level, and files that are no tiles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger import fsck, objects, sequencer
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.models import CheckpointRow
from tests.ledger.test_fsck import LineWritten, flip, log, path, run_raw  # noqa: F401  the fixture
from tests.world import World


@pytest.fixture
def longer(log: World) -> World:  # noqa: F811
    """604 entries: the tiles of 600 are stored still."""
    with act("tests:line:write", THE_CLOCK, on=None) as this:
        this.record_all([(LineWritten(number), "line") for number in range(4)])
    assert sequencer.run_once() == 4
    assert path("log/tile/0/002.p/92").exists()
    assert path("log/tile/0/002.p/88").exists()
    return log


def rewrite(name: str, data: bytes) -> None:
    """Put these bytes where an object is, or where there is none."""
    path(name).parent.mkdir(parents=True, exist_ok=True)
    if path(name).exists():
        path(name).chmod(0o644)
    path(name).write_bytes(data)


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [
        ("log/tile/1/000.p/1", 31, "tile/1/000.p/1: its hash 0 is not what the tile below gives"),
        ("log/tile/0/002.p/88", 32 * 87, "entry 599: tile/0/002.p/88 holds another hash than follows from the entry"),
        ("log/tile/entries/002.p/88", 40, "entry 512: tile/entries/002.p/88 holds other bytes than the database"),
        ("log/tile/entries/002.p/88", 0, "tile/entries/002.p/88 cannot be read: an entry bundle ends early"),
    ],
)
def test_a_partial_tile_of_an_earlier_size_is_compared(longer: World, name: str, at: int, said: str) -> None:
    assert fsck.first_difference() is None
    flip(name, at)
    assert fsck.first_difference() == said


@pytest.mark.parametrize(
    ("name", "cut", "said"),
    [
        ("log/tile/0/002.p/88", 32, "tile/0/002.p/88 holds 2784 bytes, where 2816 belong"),
        ("log/tile/0/002.p/88", 1, "entry 599: tile/0/002.p/88 holds another hash than follows from the entry"),
        ("log/tile/0/002.p/88", -32, "tile/0/002.p/88 holds 2848 bytes, where 2816 belong"),
        (
            "log/tile/0/002.p/92",
            -32,
            "tile/entries/002.p/92 holds 92 entries and its tile 2976 bytes, where 92 entries belong",
        ),
        ("log/tile/1/000.p/2", -32, "tile/1/000.p/2 holds 96 bytes, where 64 belong"),
        ("log/tile/entries/002.p/88", -2, "tile/entries/002.p/88 holds 89 entries, where 88 belong"),
        (
            "log/tile/entries/002.p/92",
            -2,
            "tile/entries/002.p/92 holds 93 entries and its tile 2944 bytes, where 92 entries belong",
        ),
    ],
)
def test_a_file_that_is_too_short_or_too_long_is_named(longer: World, name: str, cut: int, said: str) -> None:
    data = path(name).read_bytes()
    rewrite(name, data[:-cut] if cut > 0 else data + bytes(-cut))
    assert fsck.first_difference() == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("log/tile/0/002.p/93", "tile/0/002.p/93 goes beyond the 604 entries that the database knows"),
        ("log/tile/entries/003", "tile/entries/003 goes beyond the 604 entries that the database knows"),
        ("log/tile/1/000.p/3", "tile/1/000.p/3 goes beyond the 604 entries that the database knows"),
        ("log/tile/63/000", "tile/63/000 goes beyond the 604 entries that the database knows"),
        ("log/tile/0/2", "tile/0/2 in storage is no tile of the log"),
        ("log/tile/0/002.p/092", "tile/0/002.p/092 in storage is no tile of the log"),
        ("log/tile/1/NOTES.txt", "tile/1/NOTES.txt in storage is no tile of the log"),
        ("log/other", "other in storage is no tile of the log"),
    ],
)
def test_a_file_that_does_not_belong_to_the_log_is_named(longer: World, name: str, said: str) -> None:
    target = path("log").parent / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(bytes(32))
    assert fsck.first_difference() == said


@pytest.mark.parametrize("width", [1, 87])
def test_a_partial_tile_of_any_width_is_compared(longer: World, width: int) -> None:
    hashes = path("log/tile/0/002").parent / "002.p/88"
    rewrite(f"log/tile/0/002.p/{width}", hashes.read_bytes()[: 32 * width])
    assert fsck.first_difference() is None
    flip(f"log/tile/0/002.p/{width}", 0)
    assert fsck.first_difference() == f"entry 512: tile/0/002.p/{width} holds another hash than follows from the entry"


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [
        ("log/tile/0/002.p/92", 32 * 91, "entry 603: tile/0/002.p/92 holds another hash than follows from the entry"),
        ("log/tile/0/002.p/92", 0, "entry 512: tile/0/002.p/92 holds another hash than follows from the entry"),
        ("log/tile/entries/002.p/92", -1, "entry 603: tile/entries/002.p/92 holds other bytes than the database"),
    ],
)
def test_a_tile_beyond_the_checkpoint_is_compared_with_the_database(
    longer: World, name: str, at: int, said: str
) -> None:
    last = CheckpointRow.objects.order_by("-size")[0]
    run_raw(f"DELETE FROM ledger_checkpoint WHERE size = {last.size}")  # noqa: S608  a number of our own
    assert fsck.first_difference() is None
    flip(name, at)
    assert fsck.first_difference() == said


class LetsGo(objects.FolderStore):
    """The folder of a house whose sequencer lets a partial tile go right after it was listed."""

    def names(self, space: str) -> Iterator[str]:
        found = list(super().names(space))
        self.drop("log/tile/0/002.p/88")
        yield from found


def test_a_partial_tile_that_is_let_go_meanwhile_is_no_difference(
    longer: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = LetsGo(path("log").parent)
    monkeypatch.setattr(objects, "store", lambda: house)
    assert fsck.first_difference() is None
    assert not path("log/tile/0/002.p/88").exists()


def test_a_file_that_is_a_folder_is_named(longer: World) -> None:
    path("log/tile/0/001").unlink()
    path("log/tile/0/001").mkdir()
    assert (fsck.first_difference() or "").startswith("tile/entries/001 or its hashes cannot be read: ")
