"""What the head says of private parts, and base64 in its one form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supervision.verifier.archive import is_plain, members_of
from tests.supervision.verifier.saved import case_of


@pytest.mark.parametrize(
    ("blob", "so"),
    [("", True), ("AAAA", True), ("QQ==", True), ("QR==", False), ("QQ=", False), ("QQ", False), ("Q Q==", False),
     ("QQ==\n", False), ("-_-_", False), ("+/+/", True), ("é", False)],
)  # fmt: skip
def test_base64_has_one_form(blob: str, so: bool) -> None:
    assert is_plain(blob) is so


def test_a_private_part_is_what_its_ending_says() -> None:
    private = {"a.b.batch": b"", "x/y.share": b"", "z.salt": b"", "batch": b"", "x.key": b"", "salt.x": b""}
    found = members_of(replace(case_of("whole"), private=private, _worked_out={}))
    assert {name: word for name, word in found.items() if name.startswith("private/")} == {
        "private/a.b.batch": "bidding:share:released", "private/x/y.share": "bidding:share:given",
        "private/z.salt": "experts:draw:requested", "private/batch": "bidding:share:released", "private/x.key": "",
        "private/salt.x": "",
    }  # fmt: skip
