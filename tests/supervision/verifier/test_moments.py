"""When a tender has come to a moment: what every lot must have come to, and what at least one must have."""

from __future__ import annotations

import pytest

from supervision.verifier.case import ARCHIVE, AWARD, DEADLINE, OPENING
from supervision.verifier.moments import AWARDED, CLOSED, OPENED, SIGNED, UNOPENED, has_come

FEW, JUDGED = "bidding:lot:failed", "evaluation:lot:failed"


@pytest.mark.parametrize(
    ("moment", "lots", "come"),
    [
        (DEADLINE, [], False),
        (DEADLINE, [{CLOSED}], True),
        (DEADLINE, [{CLOSED}, set()], False),
        (DEADLINE, [{CLOSED}, {CLOSED, FEW}], True),
        (OPENING, [{CLOSED}], False),
        (OPENING, [{CLOSED, OPENED}, {CLOSED, FEW}], True),
        (OPENING, [{CLOSED, FEW}, {CLOSED, OPENED}], True),
        (OPENING, [{CLOSED, OPENED}, {CLOSED}], False),
        (OPENING, [{CLOSED, FEW}], False),
        (OPENING, [{CLOSED, UNOPENED}], True),
        (AWARD, [{OPENED, AWARDED}, {FEW}], True),
        (AWARD, [{OPENED, AWARDED}, {OPENED, JUDGED}], True),
        (AWARD, [{OPENED, JUDGED}], False),
        (AWARD, [{OPENED, AWARDED}, {OPENED}], False),
        (ARCHIVE, [{AWARDED, SIGNED}, {FEW}], True),
        (ARCHIVE, [{FEW}], True),
        (ARCHIVE, [{AWARDED, SIGNED}, {AWARDED}], False),
        (ARCHIVE, [], False),
    ],
)  # fmt: skip
def test_when_a_moment_has_come(moment: str, lots: list[set[str]], come: bool) -> None:
    assert has_come(moment, lots) is come
