"""The custody sheet: one record, one digest, and rules that no signature can bend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bidding.envelope.sheet import CustodySheet, LeafKey, check_sheet, leaf_keys, make_sheet, read_sheet, sheet_digest
from ledger.canon import encode
from ledger.errors import Refused
from tests.bidding.envelope.makers import identity, leaf_key, sheet_for

GOOD = sheet_for("2(1(a1,a2),1(c1,c2),r)")


def with_leaf(place: int, **changes: object) -> CustodySheet:
    leaves = list(GOOD.leaves)
    leaves[place] = replace(leaves[place], **changes)  # type: ignore[arg-type]  # each test names one field
    return replace(GOOD, leaves=tuple(leaves))


BAD: dict[str, tuple[CustodySheet, str]] = {
    "another suite": (replace(GOOD, suite="sm2"), "sheet_suite"),
    "a bad policy": (replace(GOOD, policy="2(a,c"), "policy_grammar"),
    "a weaker policy": (replace(GOOD, policy="1(1(a1,a2),1(c1,c2),r)"), "policy_one_body"),
    "no lot": (replace(GOOD, lot=""), "sheet_malformed"),
    "a leaf missing": (replace(GOOD, leaves=GOOD.leaves[:-1]), "sheet_malformed"),
    "a leaf too many": (replace(GOOD, leaves=(*GOOD.leaves, leaf_key("z"))), "sheet_malformed"),
    "another order": (replace(GOOD, leaves=GOOD.leaves[::-1]), "sheet_malformed"),
    "one letter, two bodies": (with_leaf(0, holder="9131-other"), "sheet_bodies"),
    "two letters, one body": (with_leaf(4, holder="9131-a"), "sheet_bodies"),
    "no body": (with_leaf(4, holder=""), "sheet_bodies"),
    "one person twice": (with_leaf(1, certificate=GOOD.leaves[0].certificate), "sheet_persons"),
    "no certificate": (with_leaf(1, certificate=b""), "sheet_persons"),
    "one key twice": (with_leaf(1, key=GOOD.leaves[0].key), "sheet_keys"),
    "a low-order key": (with_leaf(1, key=bytes(32)), "low_order"),
    "a key that is no point": (with_leaf(1, key=b"\xff" * 32), "point"),
}


@pytest.mark.parametrize(("sheet", "code"), BAD.values(), ids=list(BAD))
def test_a_sheet_that_breaks_a_rule_is_refused(sheet: CustodySheet, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_sheet(sheet)
    assert refusal.value.codes == [f"bidding.{code}"]
    with pytest.raises(Refused) as again:
        read_sheet(encode(sheet))
    assert again.value.codes == refusal.value.codes


def test_a_sheet_reads_back_from_its_bytes() -> None:
    assert read_sheet(encode(GOOD)) == GOOD


def test_bytes_that_are_not_canonical_are_refused() -> None:
    for data in (b"", encode(GOOD) + b"\0", encode(GOOD)[:-1], encode(GOOD.leaves[0])):
        with pytest.raises(Refused) as refusal:
            read_sheet(data)
        assert refusal.value.codes == ["bidding.sheet_malformed"]


def test_the_digest_is_pinned() -> None:
    leaves = [
        LeafKey(label=label, holder=f"h-{label}", certificate=label.encode() * 32, key=identity(label).recipient.key)
        for label in "acr"
    ]
    assert (
        sheet_digest(make_sheet("LOT", 1, "2(a,c,r)", leaves)).hex()
        == "433a2c07ae173460fc83090f85204b7d9ee14fbefa3934699d96bd7dffdb1c87"
    )


def test_the_digest_tells_lots_rounds_and_policies_apart() -> None:
    sheets = [
        sheet_for(),
        sheet_for(lot="other"),
        sheet_for(number=2),
        sheet_for("3(a,c,r)"),
        sheet_for("2(b,2(a,c,r))"),
    ]
    assert len({sheet_digest(sheet) for sheet in sheets}) == 5


def test_keys_stand_in_the_order_of_the_policy() -> None:
    sheet = sheet_for("2(2(a,c,r),b)")
    own = identity("b").recipient.key
    assert leaf_keys(sheet, own) == tuple(identity(label).recipient.key for label in "acrb")


def test_the_bidders_key_is_asked_for_where_the_policy_has_it() -> None:
    with pytest.raises(Refused) as refusal:
        leaf_keys(sheet_for("2(b,2(a,c,r))"))
    assert refusal.value.codes == ["bidding.own_key_missing"]
    with pytest.raises(Refused):
        leaf_keys(sheet_for("2(b,2(a,c,r))"), bytes(32))
