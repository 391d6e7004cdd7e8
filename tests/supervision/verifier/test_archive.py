"""Base64 in its one form."""

from __future__ import annotations

import pytest

from supervision.verifier.archive import is_plain


@pytest.mark.parametrize(
    ("blob", "so"),
    [("", True), ("AAAA", True), ("QQ==", True), ("QR==", False), ("QQ=", False), ("QQ", False), ("Q Q==", False),
     ("QQ==\n", False), ("-_-_", False), ("+/+/", True), ("é", False)],
)  # fmt: skip
def test_base64_has_one_form(blob: str, so: bool) -> None:
    assert is_plain(blob) is so
