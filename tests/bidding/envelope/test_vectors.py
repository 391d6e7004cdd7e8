"""The shared vectors: anchors of the design, and files that both twins read."""

from __future__ import annotations

import json
from typing import cast

import pytest

from bidding.envelope import stanza
from bidding.envelope.header import parse_header
from bidding.envelope.policy import parse_policy
from ledger.errors import Refused
from tests.bidding.envelope.vectors import ALL, ANCHORS, REFUSED, VECTORS, crafted_vectors, opening_vectors, text_of

DIGESTS = {
    "2(a,c,r)": (473, "2701deb5302a5fee62ba44d2c17eb9da7d2b797f20842bf473cb01e4bb06ec08"),
    "2(b,2(a,c,r))": (565, "4339a854bb8fea7cf0854a3602bb352045513a4d25930e8df29b8264ac64e631"),
    "2(1(a1,a2),1(c1,c2),r)": (660, "d9d9cd1035d060218628ac4592d04581accd7f8037ccab5f037692a15ba47c7c"),
}


def test_anchor_headers_have_the_bytes_of_the_design() -> None:
    found = {
        vector["policy"]: (len(str(vector["header"])), vector["header_sha256"])
        for vector in opening_vectors()
        if vector["policy"] in ANCHORS
    }
    assert found == DIGESTS


@pytest.mark.parametrize("name", ALL)
def test_each_file_of_vectors_is_what_we_compute(name: str) -> None:
    assert (VECTORS / f"{name}.json").read_text() == text_of(ALL[name]())


@pytest.mark.parametrize("text", REFUSED)
def test_each_bad_policy_is_refused_with_its_code(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_policy(text)
    assert refusal.value.codes == [REFUSED[text]]


CRAFTED = crafted_vectors()


def test_what_is_crafted_against_a_custodian_is_refused_with_its_code() -> None:
    private = bytes.fromhex(str(CRAFTED["private"]))
    for one in cast("list[dict[str, str]]", CRAFTED["leaves"]):
        with pytest.raises(Refused) as refusal:
            stanza.unwrap(stanza.read(parse_header(one["header"].encode()).stanzas[0]), 0, private)
        assert refusal.value.codes == [one["code"]], one["name"]


def test_a_share_from_elsewhere_does_not_fit() -> None:
    opening = stanza.read(parse_header(str(CRAFTED["header"]).encode()).stanzas[0])
    stanza.check_share(opening, 0, bytes.fromhex(str(CRAFTED["share"])))
    for one in cast("list[dict[str, str]]", CRAFTED["shares"]):
        with pytest.raises(Refused) as refusal:
            stanza.check_share(opening, 0, bytes.fromhex(one["share"]))
        assert refusal.value.codes == [one["code"]], one["name"]


def test_the_files_are_ascii_json() -> None:
    for name in ALL:
        assert json.loads((VECTORS / f"{name}.json").read_bytes().decode("ascii"))
