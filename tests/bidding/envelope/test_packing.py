"""Packing: what comes out is a plain ZIP of a padded length, with the files as they were measured."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope.packing import Measured, Package, measure
from bidding.envelope.padding import padded
from ledger.errors import Refused
from tests.bidding.envelope.makers import in_memory

CONTENTS = st.dictionaries(st.text("abcxyz技术标", min_size=1, max_size=8), st.binary(max_size=3000), max_size=6)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=500), CONTENTS)
def test_any_zip_program_reads_it(manifest: bytes, contents: dict[str, bytes]) -> None:
    package = Package(manifest, b"signature", [in_memory(name, data) for name, data in contents.items()])
    data = io.BufferedReader(package).read()
    assert len(data) == package.length == padded(package.length)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist() == ["manifest.json", *contents, "manifest.p7s", "padding"]
    assert {name: archive.read(name) for name in contents} == contents
    zeros = archive.read("padding")
    assert zeros == bytes(len(zeros))
    assert padded(package.length - len(zeros)) == package.length
    assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}


def test_the_same_bid_packs_to_the_same_bytes() -> None:
    packages = [Package(b"m", b"s", [in_memory("a", b"1")]) for _ in range(2)]
    first, second = (io.BufferedReader(package).read() for package in packages)
    assert first == second


def test_a_file_is_measured_block_by_block() -> None:
    data = bytes(range(256)) * 10_000
    assert in_memory("a.bin", data).entry.sha256 == hashlib.sha256(data).digest()
    found = in_memory("a.bin", data)
    assert (found.size, found.crc) == (len(data), zlib.crc32(data))


def test_a_name_that_is_not_allowed_is_refused_when_measured() -> None:
    with pytest.raises(Refused) as refusal:
        in_memory("../a", b"")
    assert refusal.value.codes == ["bidding.file_name"]


@pytest.mark.parametrize("now", [b"", b"shorter", b"the same bytes", b"longer than what was measured"])
def test_a_file_that_changes_under_the_packer_is_refused(now: bytes) -> None:
    contents = [b"the sane bytes", now]
    before = measure("a.txt", lambda: io.BytesIO(contents[0]))
    changed = Measured(before.name, before.size, before.sha256, before.crc, lambda: io.BytesIO(contents[1]))
    with pytest.raises(Refused) as refusal:
        io.BufferedReader(Package(b"m", b"s", [changed])).read()
    assert refusal.value.codes == ["bidding.file_changed"]
