"""What a custodian's client looks for before it signs a sheet, and that it releases nothing it has not signed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bidding.client.custodian import _check_own, signed_sheet
from bidding.client.keys import KeyFolder
from bidding.envelope.sheet import CustodySheet
from ledger.errors import Refused
from tests.bidding.envelope.makers import LOT, identity, leaf_key, sheet_for

FACTS = {"round": 1, "label": "c", "holder": leaf_key("c").holder}


def refusal(sheet: CustodySheet, lot: str = LOT, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        _check_own(sheet, lot, {**FACTS, **facts}, identity("c").recipient.key)
    return caught.value.codes


def test_the_own_key_stands_under_the_own_label() -> None:
    _check_own(sheet_for(), LOT, FACTS, identity("c").recipient.key)


def test_a_swapped_key_is_not_signed() -> None:
    a, c, r = sheet_for().leaves
    swapped = replace(sheet_for(), leaves=(a, replace(c, key=identity("x").recipient.key), r))
    assert refusal(swapped) == ["bidding.sheet_not_mine"]


def test_the_own_key_under_another_label_is_not_signed() -> None:
    assert refusal(sheet_for(), label="r") == ["bidding.sheet_not_mine"]
    assert refusal(sheet_for(), holder="9131-r") == ["bidding.sheet_not_mine"]


def test_a_weaker_policy_is_not_signed() -> None:
    assert refusal(replace(sheet_for(), policy="3(a,c,r)")) == ["bidding.sheet_not_mine"]


def test_a_sheet_for_another_lot_or_round_is_not_signed() -> None:
    assert refusal(sheet_for(), "other-1") == ["bidding.sheet_not_mine"]
    assert refusal(sheet_for(), round=2) == ["bidding.sheet_not_mine"]


def test_nothing_is_released_for_a_sheet_that_was_not_signed(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        signed_sheet(KeyFolder(tmp_path), LOT)
    assert caught.value.codes == ["bidding.sheet_not_signed"]
