"""Opening: each failure has its reason and its side, one bad file never stops the rest, no price comes out early."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bidding.models import Bid
from bidding.models.opening import FAILED, OPENED
from bidding.opening import kept_blocks, open_bid, opened_bid
from tests.bidding.hall import Hall, Offer
from tests.world import World


@pytest.fixture
def hall(world: World) -> Hall:
    return Hall(world)


def opened(hall: Hall) -> dict[int, tuple[str, str, str]]:
    """State, reason and side of every bid, after a quorum of agent and centre."""
    hall.count()
    hall.open()
    hall.release("a")
    hall.release("c")
    for bid in Bid.objects.order_by("number"):
        open_bid(bid.code)
    return {bid.number: (bid.state, bid.reason, bid.side) for bid in Bid.objects.all()}


def test_honest_envelopes_open_and_their_files_rest_encrypted(hall: Hall) -> None:
    content = b"how we build it " * 10_000
    hall.submit(1, Offer(Decimal("9123456.78"), files={"技术标.pdf": content, "price.xlsx": b"PK"}))
    hall.submit(2)
    hall.submit(3)
    assert opened(hall) == {number: (OPENED, "", "") for number in (1, 2, 3)}
    bid = Bid.objects.get(number=1)
    found = opened_bid(bid)
    assert (found.name, found.price, found.days) == ("bidder1", Decimal("9123456.78"), 120)
    assert [(one.name, one.size) for one in found.files] == [("技术标.pdf", 160_000), ("price.xlsx", 2)]
    assert b"".join(kept_blocks(bid, "技术标.pdf")) == content
