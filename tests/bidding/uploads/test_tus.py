"""The words of tus in headers."""

from __future__ import annotations

import base64
import hashlib

import pytest

from bidding.uploads import tus
from ledger.errors import Refused


def test_declared_metadata_is_read() -> None:
    assert tus.metadata("lot c2wtMS0x, id YWI=") == tus.Declared("sl-1-1", "ab")


@pytest.mark.parametrize(
    "words", ["lot c2w=", "id YWI=", "lot c2w=,id YWI=,name QQ==", "lot c2w=,id 5LiK", "lot,id", "lot c2wA,id YWI="]
)
def test_other_metadata_is_refused(words: str) -> None:
    with pytest.raises(Refused) as caught:
        tus.metadata(words)
    assert caught.value.codes == ["upload.metadata"]


@pytest.mark.parametrize(
    ("words", "lot", "id_"),
    [
        ("lot eA==,id YQ==", "x", "a"),
        ("lot eA==,id YQ==,filename QQ==", "x", "a"),
        ("filename ???,id YQ==,lot eA==", "x", "a"),
        ("lot eA==", "x", ""),
        ("lot eA==,id 5LiK", "x", ""),
        ("lot eA==,lot eA==,id YQ==", "x", "a"),
        ("lot eA==,lot eQ==,id YQ==", "", "a"),
        ("lot eA==,lot !", "", ""),
        ("lot eA==,id YQ==," + "x" * 400, "x", "a"),
        ("", "", ""),
    ],
)
def test_what_is_meant_is_read_whatever_stands_beside_it(words: str, lot: str, id_: str) -> None:
    assert tus.meant(words) == tus.Declared(lot, id_)


@pytest.mark.parametrize("text", [None, "", "-1", "+1", "01", "1e3", "１", "9" * 19])
def test_a_count_is_plain(text: str | None) -> None:
    with pytest.raises(Refused) as caught:
        tus.count(text)
    assert caught.value.codes == ["upload.count"]


def test_a_checksum_names_its_hash() -> None:
    found = tus.checksum("sha256 " + base64.b64encode(hashlib.sha256(b"x").digest()).decode())
    assert found is not None
    assert found.make(b"x").digest() == found.digest  # type: ignore[call-arg]
    assert tus.checksum(None) is None


@pytest.mark.parametrize("text", ["", "sha256", "md5 eA==", "sha256 ???"])
def test_other_checksums_are_refused(text: str) -> None:
    if text == "sha256":
        text = "sha256 x"
    with pytest.raises(Refused) as caught:
        tus.checksum(text)
    assert caught.value.codes == ["upload.checksum"]
