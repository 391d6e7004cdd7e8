"""Unpacking: honest packages of any maker are read, tricks are refused before anything is unpacked."""

from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope.manifest import FileEntry, write_manifest
from bidding.envelope.padding import padded
from bidding.envelope.unpacking import OpenedPackage
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILES, SALT, bid_package, manifest_for, sheet_for

SHEET = sheet_for()
HONEST = bid_package(SHEET)


def manifest_bytes(files: Mapping[str, bytes] = FILES) -> bytes:
    entries = tuple(FileEntry(name, len(data), hashlib.sha256(data).digest()) for name, data in files.items())
    return write_manifest(replace(manifest_for(SHEET, SALT, []), files=entries))


Members = list[tuple[str | zipfile.ZipInfo, bytes]]


def zipped(members: Members, method: int = zipfile.ZIP_STORED, *, fill: bool = True) -> bytes:
    """A ZIP made by the standard library, padded as ours."""

    def made(zeros: int) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", method) as archive:
            for name, data in members:
                archive.writestr(name, data)
            archive.writestr("padding", bytes(zeros), zipfile.ZIP_STORED)
        return sink.getvalue()

    bare = len(made(0))
    return made(padded(bare) - bare) if fill else made(0)


def members(
    files: Mapping[str, bytes] = FILES, manifest: bytes | None = None
) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    head = manifest_bytes(files) if manifest is None else manifest
    return [("manifest.json", head), *files.items(), ("manifest.p7s", b"a signature")]


def opened(data: bytes) -> OpenedPackage:
    package = OpenedPackage(io.BytesIO(data), len(data))
    package.verify()
    return package


def code(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        opened(data)
    [found] = refusal.value.codes
    return found.removeprefix("bidding.")


def test_an_honest_package_gives_everything_back() -> None:
    package = opened(HONEST)
    assert package.manifest_bytes == manifest_bytes()
    assert package.signature == b"a signature"
    assert {one.name: b"".join(package.read(one)) for one in package.manifest.files} == FILES


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_package_of_another_maker_is_read(method: int) -> None:
    files = FILES | {"large.txt": b"all work and no play " * 3000}
    package = opened(zipped(members(files), method))
    assert {one.name: b"".join(package.read(one)) for one in package.manifest.files} == files


def test_a_package_written_to_a_pipe_is_read() -> None:
    """Such makers put sizes behind the content (data descriptors)."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise io.UnsupportedOperation

    def made(zeros: int) -> bytes:
        sink = Pipe()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members():
                archive.writestr(name, data)
            archive.writestr("padding", bytes(zeros), zipfile.ZIP_STORED)
        return sink.getvalue()

    bare = len(made(0))
    assert opened(made(padded(bare) - bare)).manifest_bytes == manifest_bytes()


def link() -> bytes:
    info = zipfile.ZipInfo("技术标.pdf")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    rest = {name: data for name, data in FILES.items() if name != "技术标.pdf"}
    return zipped([*members()[:1], (info, FILES["技术标.pdf"]), *rest.items(), *members()[-1:]])


def extra_field() -> bytes:
    info = zipfile.ZipInfo("技术标.pdf")
    info.extra = struct.pack("<HH", 0x5455, 0)
    return zipped([members()[0], (info, FILES["技术标.pdf"]), *members()[2:]])


def commented() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in [*members(), ("padding", b"")]:
            archive.writestr(name, data)
        archive.comment = b"see you"
    return sink.getvalue()


def hidden_between() -> bytes:
    """Bytes between two members that no member owns."""
    at = HONEST.index(b"PK\x03\x04", 4)
    data = bytearray(HONEST[:at] + b"hidden" + HONEST[at:])
    return shifted(data, 6)


def shifted(data: bytearray, by: int) -> bytes:
    """The directory's place corrected, but not the members' places."""
    offset = struct.unpack_from("<L", data, len(data) - 6)[0]
    struct.pack_into("<L", data, len(data) - 6, offset + by)
    return bytes(data)


def patched(mark: bytes, at: int, form: str, value: int) -> bytes:
    """The honest package with one number replaced in the first structure that begins with `mark`."""
    data = bytearray(HONEST)
    struct.pack_into(form, data, data.index(mark) + at, value)
    return bytes(data)


def bomb() -> bytes:
    return zipped(members({"bomb.txt": bytes(5_000_000)}), zipfile.ZIP_DEFLATED)


def lying_bomb() -> bytes:
    """Manifest, directory and header say 60,000 bytes, the stream inflates to 5 million."""
    said = manifest_bytes({"bomb.txt": bytes(60_000)})
    data = bytearray(zipped(members({"bomb.txt": bytes(5_000_000)}, said), zipfile.ZIP_DEFLATED))
    for name_at, size_at in (
        (data.index(b"bomb.txt", 30 + len(said) // 9), 22 - 30),
        (data.rindex(b"bomb.txt"), 24 - 46),
    ):
        struct.pack_into("<L", data, name_at + size_at, 60_000)
    return bytes(data)


def padding_first() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in [("padding", b""), *members()]:
            archive.writestr(name, data)
    return sink.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "package_form"),
    "no ZIP": (lambda: b"%PDF-1.7" * 100, "package_form"),
    "something before": (lambda: b"x" + HONEST, "package_form"),
    "something after": (lambda: HONEST + b"x", "package_form"),
    "cut": (lambda: HONEST[:-1], "package_form"),
    "a comment": (commented, "package_form"),
    "hidden bytes": (hidden_between, "package_form"),
    "an extra field": (extra_field, "package_form"),
    "a link": (link, "file_name"),
    "a folder": (lambda: zipped([*members(), ("folder/", b"")]), "file_name"),
    "a path upwards": (lambda: zipped([*members(), ("../evil", b"")]), "file_name"),
    "an absolute path": (lambda: zipped([*members(), ("/etc/cron", b"")]), "file_name"),
    "a backslash": (lambda: zipped([*members(), ("..\\evil", b"")]), "file_name"),
    "a twin": (lambda: zipped([*members({"a": b"1"}), ("A", b"2")]), "file_twice"),
    "a twin of the manifest": (lambda: zipped([*members(), ("Manifest.json", b"{}")]), "file_twice"),
    "no manifest": (lambda: zipped(members()[1:]), "package_parts"),
    "no signature": (lambda: zipped(members()[:-1]), "package_parts"),
    "padding not last": (padding_first, "package_parts"),
    "a huge manifest": (lambda: zipped(members(manifest=b" " * ((1 << 20) + 1))), "package_parts"),
    "a file too many": (lambda: zipped([*members(), ("more", b"")]), "package_files"),
    "a file too few": (lambda: zipped([one for one in members() if one[0] != "price.xlsx"]), "package_files"),
    "another size": (
        lambda: zipped([members()[0], *(FILES | {"price.xlsx": b""}).items(), members()[-1]]),
        "package_files",
    ),
    "10,000 files": (lambda: zipped([(f"f{number}", b"") for number in range(10_000)]), "package_members"),
    "a bomb": (bomb, "package_ratio"),
    "a lying bomb": (lying_bomb, "package_content"),
    "another compression": (lambda: zipped(members(), zipfile.ZIP_BZIP2), "package_method"),
    "encrypted": (lambda: patched(b"PK\x01\x02", 8, "<H", 0x0801), "package_method"),
    "a wrong CRC": (lambda: patched(b"PK\x01\x02", 16, "<L", 1), "package_form"),
    "another disk": (lambda: patched(b"PK\x01\x02", 34, "<H", 1), "package_form"),
    "zip64": (lambda: patched(b"PK\x01\x02", 24, "<L", 0xFFFFFFFF), "package_ratio"),
    "too many said": (lambda: patched(b"PK\x05\x06", 8, "<H", 9), "package_form"),
    "another content": (lambda: HONEST.replace(b"how we build it", b"how we built it"), "package_content"),
    "another manifest": (lambda: zipped(members(manifest=b"{}")), "manifest"),
    "not padded": (lambda: zipped(members(), fill=False), "package_padding"),
    "padding not zero": (lambda: padded_with(b"\x01"), "package_padding"),
}


def padded_with(letter: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(HONEST)) as source, zipfile.ZipFile(sink, "w") as archive:
        for info in source.infolist():
            data = source.read(info)
            archive.writestr(info.filename, letter * len(data) if info.filename == "padding" else data)
    return sink.getvalue()


@pytest.mark.parametrize(("make", "expected"), BAD.values(), ids=list(BAD))
def test_a_trick_is_refused(make: Callable[[], bytes], expected: str) -> None:
    assert code(make()) == expected


def test_a_file_with_another_digest_is_refused_at_its_end() -> None:
    wrong = FILES | {"price.xlsx": FILES["price.xlsx"].replace(b"9596000", b"1596000")}
    data = zipped([members()[0], *wrong.items(), members()[-1]])
    package = OpenedPackage(io.BytesIO(data), len(data))
    with pytest.raises(Refused) as refusal:
        package.verify()
    assert refusal.value.codes == ["bidding.file_digest"]


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(HONEST) - 1), st.integers(0, 7))
def test_a_changed_bit_never_changes_what_is_read(place: int, bit: int) -> None:
    """Or it is refused. (Version numbers and attributes of a member say nothing that we read.)"""
    data = bytearray(HONEST)
    data[place] ^= 1 << bit
    try:
        package = opened(bytes(data))
    except Refused:
        return
    assert package.manifest_bytes == manifest_bytes()
    assert {one.name: b"".join(package.read(one)) for one in package.manifest.files} == FILES


def test_a_bomb_is_never_unpacked_in_memory() -> None:
    data = lying_bomb()
    tracemalloc.start()
    assert code(data) == "package_content"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
