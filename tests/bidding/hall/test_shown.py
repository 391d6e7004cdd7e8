"""What a board says of what was read out."""

from __future__ import annotations

from decimal import Decimal

from django.utils import translation

from bidding.hall.scene import Scene, SceneEnvelope
from bidding.hall.shown import prices


def test_why_an_envelope_did_not_open_stands_under_the_remarks() -> None:
    opened = SceneEnvelope(1, "r-1", "open", name="甲公司", price=Decimal("9380000.00"), confirmed=True)
    failed = SceneEnvelope(2, "r-2", "failed", "bidding.payload_changed", "bidder", "乙公司")
    assert prices(Scene(envelopes=(opened, failed))) is None
    with translation.override("en"):
        table = prices(Scene(envelopes=(opened, failed), read=True))
    assert table is not None
    assert [column["label"] for column in table["columns"]] == [
        "No.", "Bidder", "Bid price", "Price in words", "Remarks", "Confirmed",
    ]  # fmt: skip
    assert [row["cells"] for row in table["rows"]] == [
        [
            1, "甲公司", {"text": "9,380,000.00", "value": "9380000.00"}, "玖佰叁拾捌万元整", "",
            {"badge": {"word": "Yes", "tone": "good"}},
        ],
        [2, "乙公司", "", "", "The sealed content was changed.", ""],
    ]  # fmt: skip
