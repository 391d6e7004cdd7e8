"""What a sealed file must look like at receipt: every refusal of sealing.md with its code."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from bidding.envelope.armor import ArmoringWriter
from bidding.envelope.header import Header, Stanza, encode64, make_header
from bidding.envelope.receiving import check_header
from bidding.envelope.stanza import PART
from bidding.envelope.stream import sealed_length
from bidding.envelope.x25519 import PRIME, new_identity, public_key
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILE_KEY, SALT, SealedBid, sealed_bid, sheet_for

BID = sealed_bid(own=False)
OPENING = BID.received.header.stanzas[0]
OWN = Stanza("X25519", (encode64(public_key(bytes(range(32)))).decode(),), bytes(32))
HEADER = make_header(FILE_KEY, (OPENING, OWN))
FOUR = [*OPENING.arguments]
SIZE = len(BID.data) - BID.received.length
E_AT = 3


def code(data: bytes, *, size: int | None = None, bid: SealedBid = BID) -> str:
    """The refusal of a file that begins with `data` (the payload's length is kept unless `size` is given)."""
    with pytest.raises(Refused) as refusal:
        check_header(data, sheet=bid.sheet, submission=bid.submission, size=len(data) + SIZE if size is None else size)
    [found] = refusal.value.codes
    return found.removeprefix("bidding.")


def header(*stanzas: Stanza) -> bytes:
    return make_header(FILE_KEY, stanzas).write()


def opening(place: int, word: str) -> bytes:
    """The honest header with one argument of the opening stanza replaced."""
    arguments = [*FOUR]
    arguments[place] = word
    return header(Stanza(OPENING.kind, tuple(arguments), OPENING.body), OWN)


def body(data: bytes) -> bytes:
    return header(Stanza(OPENING.kind, OPENING.arguments, data), OWN)


def point(number: int) -> str:
    return encode64(number.to_bytes(32, "little")).decode()


def armored(data: bytes) -> bytes:
    sink = io.BytesIO()
    writer = ArmoringWriter(sink)
    writer.write(data)
    writer.close()
    return sink.getvalue()


WHOLE = HEADER.write()
LONGEST = "2(8(a1,a2,a3,a4,a5,a6,a7,a8),8(c1,c2,c3,c4,c5,c6,c7,c8),r)"
REFUSED: dict[str, tuple[bytes, str]] = {
    "policy: grammar": (opening(0, "2(a,c"), "policy_grammar"),
    "policy: k over n": (opening(0, "3(a,c)"), "policy_quorum"),
    "policy: leaf twice": (opening(0, "2(a,a,c)"), "policy_twice"),
    "policy: one body only": (opening(0, "2(a1,a2,c)"), "policy_one_body"),
    "policy: 17 leaves": (opening(0, LONGEST), "policy_leaves"),
    "policy: depth 4": (opening(0, "2(a,1(c,1(r,2(d,e))))"), "policy_depth"),
    "another policy": (opening(0, "3(a,c,r)"), "other_policy"),
    "another sheet": (opening(1, encode64(bytes(32)).decode()), "other_sheet"),
    "another submission": (opening(2, encode64(bytes(16)).decode()), "other_submission"),
    "an argument too few": (header(Stanza(OPENING.kind, tuple(FOUR[:3]), OPENING.body)), "opening_arguments"),
    "an argument too many": (header(Stanza(OPENING.kind, (*FOUR, "x"), OPENING.body)), "opening_arguments"),
    "a short sheet digest": (opening(1, encode64(bytes(31)).decode()), "opening_arguments"),
    "a long salt": (opening(2, encode64(bytes(17)).decode()), "opening_arguments"),
    "base64 with padding": (opening(2, FOUR[2] + "=="), "base64"),
    "base64 not canonical": (opening(2, FOUR[2][:-1] + chr(ord(FOUR[2][-1]) + 1)), "base64"),
    "body short": (body(OPENING.body[:-1]), "opening_body"),
    "body a part short": (body(OPENING.body[:-PART]), "opening_body"),
    "body long": (body(OPENING.body + b"\0"), "opening_body"),
    "body without its empty last line": (WHOLE.replace(b"\n\n-> X25519", b"\n-> X25519"), "stanza_body"),
    "E zero": (opening(E_AT, point(0)), "low_order"),
    "E of low order": (opening(E_AT, point(1)), "low_order"),
    "E minus one": (opening(E_AT, point(PRIME - 1)), "low_order"),
    "E not below p": (opening(E_AT, point(PRIME + 9)), "point"),
    "E with its highest bit": (opening(E_AT, point(9 + 2**255)), "point"),
    "E short": (opening(E_AT, encode64(bytes(31)).decode()), "point"),
    "second opening stanza": (header(OPENING, OPENING), "second_opening"),
    "second stanza for a key": (header(OPENING, OWN, OWN), "second_own_key"),
    "own key of low order": (header(OPENING, Stanza("X25519", (point(0),), OWN.body)), "low_order"),
    "own key malformed": (header(OPENING, Stanza("X25519", (), OWN.body)), "x25519_stanza"),
    "scrypt stanza": (header(OPENING, Stanza("scrypt", (encode64(SALT).decode(), "4"), bytes(32))), "foreign_stanza"),
    "unknown stanza": (header(OPENING, Stanza("grease", (), b"")), "foreign_stanza"),
    "the other suite": (header(Stanza("sunlight.opening.sm/1", OPENING.arguments, OPENING.body)), "foreign_stanza"),
    "opening not first": (header(OWN, OPENING), "no_opening"),
    "no opening at all": (header(OWN), "no_opening"),
    "armor": (armored(WHOLE + bytes(100)), "armored"),
    "CRLF": (WHOLE.replace(b"\n", b"\r\n"), "crlf"),
    "CRLF in one line": (WHOLE.replace(b"\n---", b"\r\n---"), "base64"),
    "another version": (WHOLE.replace(b"/v1", b"/v2"), "not_age"),
    "a ZIP that is not sealed": (b"PK\x03\x04" + bytes(100) + b"\n", "not_age"),
    "a header that is cut": (WHOLE[:-1], "header_cut"),
    "a line over the limit": (opening(0, "2(" + "a," * 600 + "c)"), "header_too_long"),
    "a header over the limit": (header(OPENING, *[Stanza("X25519", ("A",), bytes(32))] * 200), "header_too_long"),
}


@pytest.mark.parametrize(("data", "expected"), REFUSED.values(), ids=list(REFUSED))
def test_each_refusal_at_receipt_has_its_code(data: bytes, expected: str) -> None:
    assert code(data) == expected


@pytest.mark.parametrize("length", [1000, 1025, 66_000])
def test_an_unpadded_length_is_refused(length: int) -> None:
    assert code(WHOLE, size=len(WHOLE) + sealed_length(length)) == "unpadded"


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "payload_cut"),
        (len(WHOLE), "payload_cut"),
        (len(WHOLE) + 31, "payload_cut"),
        (len(WHOLE) + 32, "package_size"),
        (1 << 32, "package_size"),
        (1 << 50, "package_size"),
    ],
)
def test_a_size_that_no_envelope_has_is_refused(size: int, expected: str) -> None:
    assert code(WHOLE, size=size) == expected


@pytest.mark.parametrize("sheet", [sheet_for(lot="another"), sheet_for(number=2), sheet_for("3(a,c,r)")])
def test_another_lot_round_or_policy_is_refused(sheet: object) -> None:
    bid = SealedBid(BID.data, sheet, BID.submission)  # type: ignore[arg-type]  # parametrize hides the type
    assert code(BID.data, bid=bid, size=len(BID.data)) == "other_sheet"


def test_the_submission_id_is_the_salt() -> None:
    assert code(BID.data, bid=SealedBid(BID.data, BID.sheet, "ff" * 16), size=len(BID.data)) == "other_submission"
    assert code(BID.data, bid=SealedBid(BID.data, BID.sheet, SALT.hex().upper()), size=len(BID.data)) == (
        "other_submission"
    )


@pytest.mark.parametrize("make", [sealed_bid, lambda: sealed_bid(own=False), lambda: sealed_bid("2(b,2(a,c,r))")])
def test_an_honest_envelope_passes(make: Callable[[], SealedBid]) -> None:
    bid = make()
    received = bid.received
    assert received.submission == bid.submission
    assert bid.data.startswith(received.header.write())
    assert received.share == received.opening.share


def test_the_mac_is_not_looked_at_yet() -> None:
    """Without the file key nobody can: a wrong MAC is found at the opening."""
    forged = Header(HEADER.stanzas, bytes(32)).write()
    check_header(forged, sheet=BID.sheet, submission=BID.submission, size=len(forged) + SIZE)


def test_a_stranger_may_hold_the_own_key_stanza() -> None:
    stranger = header(OPENING, new_identity().recipient.wrap(FILE_KEY))
    check_header(stranger, sheet=BID.sheet, submission=BID.submission, size=len(stranger) + SIZE)
