"""The cover at the opening: found by its handle, opened with the key in the bid, on record when prices are read."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from cryptography import x509

from bidding.envelope.age import encrypt
from bidding.envelope.x25519 import Identity, new_identity
from bidding.models import Bid
from bidding.opening.cover import KEY_FILE
from bidding.opening.due import read_if_due
from bidding.opening.opening import open_bid
from guarantees.cover import GUARANTEE, Terms, issue
from guarantees.lodging import lodge
from guarantees.models import Guarantee
from tests.bidding.full_hall import Hall, Offer
from tests.world import World
from trading.handles import handle_of
from trading.models import Account, Certificate

BOND = Decimal("100000.00")


@pytest.fixture
def stage(world: World) -> Hall:
    return Hall(world, bond=BOND)


def cover_for(stage: Hall, account: Account, **change: object) -> bytes:
    """A guarantee that the bank issues to `account` for the lot."""
    bank = stage.signer(stage.world.guarantor)
    terms = Terms(
        **{  # type: ignore[arg-type]  # fields by name
            "kind": GUARANTEE,
            "number": f"BH-{account.username}",
            "lot": stage.lot.code,
            "round": 1,
            "beneficiary": stage.lot.tender.purchaser.credit_code,
            "bidder": account.party.credit_code if account.party else "",
            "issuer": bank.account.party.credit_code if bank.account.party else "",
            "amount": BOND,
            "since": stage.world.clock.now(),
            "until": stage.world.clock.now() + timedelta(days=200),
            "account": None,
            "rate": None,
            **change,
        }
    )
    row = Certificate.objects.get(fingerprint=bank.fingerprint)
    return issue(terms, x509.load_der_x509_certificate(bytes(row.der)), bank.key)


def lodged(stage: Hall, number: int, plain: bytes, identity: Identity) -> None:
    """Bidder `number` lodges a sealed cover."""
    account, sealed = stage.world.bidder(number), io.BytesIO()
    encrypt(io.BytesIO(plain), sealed, [identity.recipient])
    credit_code = account.party.credit_code if account.party else ""
    lodge(stage.lot, handle_of(stage.lot, credit_code), sealed.getvalue(), actor=account.actor)


def with_key(identity: Identity) -> Offer:
    """An offer whose package holds the key of its cover."""
    return Offer(files={"technical.pdf": b"%PDF", KEY_FILE: identity.secret_text().encode()})


def read_out(stage: Hall) -> dict[int, str]:
    """The codes about the cover of each bid, once prices are read."""
    stage.count()
    stage.open()
    stage.release("a")
    stage.release("c")
    for bid in Bid.objects.order_by("number"):
        open_bid(bid.code)
    assert not Guarantee.objects.exists()
    stage.world.sequence()
    assert read_if_due(stage.fresh()) == 1
    return {bid.number: bid.cover for bid in Bid.objects.order_by("number")}


def test_a_good_cover_is_on_record_and_a_missing_one_is_named(stage: Hall) -> None:
    keys = [new_identity() for _ in range(4)]
    lodged(stage, 1, cover_for(stage, stage.world.bidder(1)), keys[0])
    stage.submit(1, with_key(keys[0]))
    stage.submit(2, with_key(keys[1]))
    lodged(stage, 3, cover_for(stage, stage.world.bidder(3)), keys[2])
    stage.submit(3)
    lodged(stage, 4, cover_for(stage, stage.world.bidder(4)), keys[3])
    stage.submit(4, with_key(new_identity()))
    assert read_out(stage) == {1: "", 2: "cover.missing", 3: "cover.no_key", 4: "cover.closed"}
    found = Guarantee.objects.get()
    assert (found.party.name, found.amount, found.number) == ("bidder1", BOND, "BH-bidder1")


def test_a_cover_of_another_bidder_or_too_small_is_named_and_the_bid_opens(stage: Hall) -> None:
    keys = [new_identity() for _ in range(3)]
    world = stage.world
    lodged(stage, 1, cover_for(stage, world.bidder(2)), keys[0])
    lodged(stage, 2, cover_for(stage, world.bidder(2), amount=Decimal("99999.99")), keys[1])
    lodged(stage, 3, b"no cover at all", keys[2])
    for number, key in enumerate(keys, 1):
        stage.submit(number, with_key(key))
    assert read_out(stage) == {1: "cover.other_bidder", 2: "cover.too_small", 3: "cover.malformed"}
    assert not Guarantee.objects.exists()
    assert {bid.state for bid in Bid.objects.all()} == {"opened"}
