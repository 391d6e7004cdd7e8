"""What a custodian's client looks for before it signs a sheet, and that it releases nothing it has not signed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from bidding.client.custodian import Kept, check_to_sign, registered, signed_sheet
from bidding.client.keys import KeyFolder
from bidding.custody.signed_sheet import credit_code_of
from bidding.envelope.sheet import CustodySheet
from ledger import cms
from ledger.canon import encode
from ledger.errors import Refused
from tests.bidding.envelope.makers import LOT, identity, sheet_for
from trading.authority import issue, name_of, new_authority

KEPT = Kept("c", "2(a,c,r)")
ROOT, AT = new_authority(), datetime(2026, 3, 2, 1, tzinfo=UTC)


def certificate() -> x509.Certificate:
    """A certificate of somebody of the centre."""
    subject = name_of("Li Ming", "Trading centre", "9131-c")
    return issue(ROOT, subject, ec.generate_private_key(ec.SECP256R1()).public_key(), AT)


MINE, COLLEAGUES = certificate(), certificate()


def mine(sheet: CustodySheet | None = None) -> CustodySheet:
    """The sheet in which leaf c stands under my certificate."""
    sheet = sheet or sheet_for()
    own = bytes.fromhex(cms.fingerprint(MINE))
    leaves = tuple(replace(leaf, certificate=own) if leaf.label == "c" else leaf for leaf in sheet.leaves)
    return replace(sheet, leaves=leaves)


def refusal(sheet: CustodySheet, place: tuple[str, int] = (LOT, 1), kept: Kept = KEPT) -> list[str]:
    with pytest.raises(Refused) as caught:
        check_to_sign(sheet, place, kept, identity("c").recipient.key, MINE)
    return caught.value.codes


def test_the_own_key_stands_under_the_own_label() -> None:
    assert credit_code_of(MINE) == "9131-c"
    check_to_sign(mine(), (LOT, 1), KEPT, identity("c").recipient.key, MINE)


def test_a_swapped_key_is_not_signed() -> None:
    a, c, r = mine().leaves
    swapped = replace(mine(), leaves=(a, replace(c, key=identity("x").recipient.key), r))
    assert refusal(swapped) == ["bidding.sheet_not_mine"]


def test_the_own_key_under_another_label_body_or_person_is_not_signed() -> None:
    a, c, r = mine().leaves
    for leaves in (
        (a, replace(c, label="r"), replace(r, label="c")),
        (a, replace(c, holder="9131-r"), r),
        (a, replace(c, certificate=bytes.fromhex(cms.fingerprint(COLLEAGUES))), r),
        (replace(a, key=c.key), c, r),
        (replace(a, key=c.key), replace(c, key=a.key), r),
    ):
        assert refusal(replace(mine(), leaves=leaves)) == ["bidding.sheet_not_mine"]


def test_another_policy_than_was_shown_at_the_registration_is_not_signed() -> None:
    assert refusal(replace(mine(), policy="3(a,c,r)")) == ["bidding.policy_changed"]
    assert refusal(mine(), kept=Kept("c", "2(1(a1,a2),c,r)")) == ["bidding.policy_changed"]


def test_a_sheet_for_another_lot_or_round_is_not_signed() -> None:
    assert refusal(mine(), ("other-1", 1)) == ["bidding.other_sheet"]
    assert refusal(mine(), (LOT, 0)) == ["bidding.other_sheet"]  # a bid's sheet shown as the rehearsal's


def test_nothing_is_released_for_a_sheet_that_was_not_signed(tmp_path: Path) -> None:
    folder, data = KeyFolder(tmp_path), encode(sheet_for())
    with pytest.raises(Refused) as caught:
        signed_sheet(folder, LOT, data)
    assert caught.value.codes == ["bidding.sheet_not_signed"]
    name = f"{LOT}.{hashlib.sha256(data).hexdigest()[:16]}.sheet"
    (tmp_path / name).write_bytes(data)
    assert signed_sheet(folder, LOT, data) == data
    with pytest.raises(Refused) as caught:
        signed_sheet(folder, LOT, encode(sheet_for("3(a,c,r)")))
    assert caught.value.codes == ["bidding.other_sheet_shown"]


def test_without_a_registration_nothing_is_signed(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        registered(KeyFolder(tmp_path), "sl-2026-001")
    assert caught.value.codes == ["bidding.key_not_registered"]


def test_a_renewed_key_keeps_the_earlier_one_until_both_are_destroyed(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    first = folder.make_custodian_key(plain=True)
    second = folder.renew_custodian_key(plain=True)
    third = folder.renew_custodian_key(plain=True)
    assert (folder.custodian_key(), folder.earlier_custodian_keys()) == (third, [first, second])
    folder.destroy_custodian_key()
    assert list(tmp_path.iterdir()) == []
