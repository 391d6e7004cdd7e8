"""The folder store: written once, read back, never overwritten, no tricks with names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ledger.errors import Absent, Broken
from ledger.objects import FolderStore, Stored

TEXT = b"what was stored"
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects")


def test_put_reads_back(store: FolderStore) -> None:
    assert store.put("papers/one", [TEXT[:4], TEXT[4:]]) == Stored("papers/one", DIGEST, len(TEXT))
    with store.open("papers/one") as file:
        assert file.read() == TEXT
    assert store.path("papers/one").stat().st_mode & 0o777 == 0o444
    assert [path.name for path in store.path("papers/one").parent.iterdir()] == ["one"]


def test_the_same_again_is_fine_and_others_are_broken(store: FolderStore) -> None:
    store.put("papers/one", [TEXT])
    assert store.put("papers/one", [TEXT]).digest == DIGEST
    with pytest.raises(Broken):
        store.put("papers/one", [b"other"])
    with store.open("papers/one") as file:
        assert file.read() == TEXT


def test_adopt_takes_a_file_over(store: FolderStore, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(TEXT)
    assert store.adopt("envelopes/one", part, DIGEST) == Stored("envelopes/one", DIGEST, len(TEXT))
    assert not part.exists()


def test_adopt_of_other_bytes_is_broken(store: FolderStore, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"rotten")
    with pytest.raises(Broken):
        store.adopt("envelopes/one", part, DIGEST)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", "a/../b", "", "A", "a/.b", "a b"])
def test_names_with_tricks_are_broken(store: FolderStore, name: str) -> None:
    with pytest.raises(Broken):
        store.put(name, [TEXT])


def test_absent_is_absent(store: FolderStore) -> None:
    assert not store.exists("papers/none")
    with pytest.raises(Absent):
        store.open("papers/none")
