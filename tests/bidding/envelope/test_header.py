"""The header: written and read to the same bytes, refused for everything else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.header import (
    ANY_FILE,
    ENVELOPE,
    VERSION_LINE,
    Header,
    Stanza,
    decode64,
    encode64,
    header_length,
    make_header,
    parse_header,
    read_header,
)
from ledger.errors import Refused

FILE_KEY = bytes(16)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
STANZAS = st.builds(Stanza, WORDS, st.lists(WORDS, max_size=4).map(tuple), st.binary(max_size=200))
HONEST = make_header(FILE_KEY, (Stanza("one", ("two", "three"), bytes(48)),)).write()
MAC_LINE = HONEST[HONEST.index(b"---") :]


def broken(old: bytes, new: bytes) -> bytes:
    assert old in HONEST
    return HONEST.replace(old, new)


BAD = {
    "empty": (b"", "header_cut"),
    "another version": (broken(b"/v1", b"/v2"), "not_age"),
    "not age at all": (b"PK\x03\x04 and more\n", "not_age"),
    "carriage returns": (HONEST.replace(b"\n", b"\r\n"), "crlf"),
    "armor": (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "armored"),
    "no stanza": (VERSION_LINE + MAC_LINE, "no_stanza"),
    "stanza without a kind": (broken(b"-> one two three", b"-> "), "stanza_words"),
    "two spaces": (broken(b"one two", b"one  two"), "stanza_words"),
    "space at the end": (broken(b"three", b"three "), "stanza_words"),
    "a control character": (broken(b"two", b"t\x7fo"), "stanza_words"),
    "not ascii": (broken(b"two", "tw\u00f6".encode()), "stanza_words"),
    "a carriage return inside": (broken(b"three\n", b"three\r\n"), "stanza_words"),
    "no empty last line": (broken(b"\n\n---", b"\n---"), "stanza_body"),
    "line of 65": (broken(b"A" * 64, b"A" * 65), "stanza_body"),
    "padding": (broken(b"A\n\n---", b"A\nAA==\n---"), "base64"),
    "bits that are not zero": (broken(b"A\n\n---", b"A\nAB\n---"), "base64"),
    "a single letter": (broken(b"A\n\n---", b"A\nA\n---"), "base64"),
    "no space before the MAC": (broken(b"--- ", b"---"), "mac_line"),
    "two spaces before the MAC": (broken(b"--- ", b"---  "), "base64"),
    "MAC cut": (HONEST[:-3] + b"\n", "base64"),
    "MAC of 33 bytes": (HONEST[:-1] + b"A\n", "mac_line"),
    "a line of its own before the MAC": (broken(b"\n\n---", b"\n\nno---"), "mac_line"),
    "cut before its end": (HONEST[:-1], "header_cut"),
    "a line over the limit": (broken(b"three", b"x" * 1100), "header_too_long"),
    "over the limit": (VERSION_LINE + b"-> x\n\n" * 2000, "header_too_long"),
}


@given(st.lists(STANZAS, min_size=1, max_size=4).map(tuple), st.binary(max_size=40))
def test_what_is_written_reads_back(stanzas: tuple[Stanza, ...], rest: bytes) -> None:
    header = make_header(FILE_KEY, stanzas)
    source = io.BytesIO(header.write() + rest)
    assert read_header(source, ANY_FILE) == header
    assert source.read() == rest
    header.check_mac(FILE_KEY)


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=list(BAD))
def test_a_bad_header_is_refused_with_its_code(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_header(data)
    assert refusal.value.codes == [f"bidding.{code}"]


@given(st.integers(0, len(HONEST) - 1))
def test_the_length_is_known_exactly_when_the_header_is_whole(cut: int) -> None:
    assert header_length(HONEST[:cut]) is None
    assert header_length(HONEST + b"payload"[: cut % 7]) == len(HONEST)


def test_a_hopeless_beginning_is_refused_at_once() -> None:
    with pytest.raises(Refused):
        header_length(b"x" * ENVELOPE.line)


def test_reading_stops_at_the_limit() -> None:
    source = io.BytesIO(VERSION_LINE + b"-> x\n\n" * 100_000)
    with pytest.raises(Refused):
        read_header(source)
    assert source.tell() <= ENVELOPE.header


@given(st.binary(min_size=16, max_size=16))
def test_another_file_key_fails_the_mac(file_key: bytes) -> None:
    header = make_header(file_key, (Stanza("one", (), b""),))
    other = bytes([file_key[0] ^ 1]) + file_key[1:]
    with pytest.raises(Refused) as refusal:
        header.check_mac(other)
    assert refusal.value.codes == ["bidding.mac_wrong"]


def test_the_mac_covers_every_stanza() -> None:
    header = make_header(FILE_KEY, (Stanza("one", (), b""), Stanza("two", (), b"")))
    with pytest.raises(Refused):
        Header(header.stanzas[:1], header.mac).check_mac(FILE_KEY)


@given(st.binary(max_size=100))
def test_base64_comes_back(data: bytes) -> None:
    assert decode64(encode64(data)) == data
