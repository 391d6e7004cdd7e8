"""From a signed cover to its release, refund or payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from guarantees.claiming import file_claim, pay_claim
from guarantees.cover import DEPOSIT, GUARANTEE, Terms, issue
from guarantees.interest import interest
from guarantees.models import Guarantee, Movement
from guarantees.recognising import recognise
from guarantees.settling import settle
from ledger import cms
from ledger.act import act
from ledger.actor import THE_CLOCK, Role
from ledger.errors import Refused
from ledger.rights import ACTS, Act, roles
from tests.world import MORNING, World
from trading import authority
from trading.models import Account, Certificate, Lot, Party

BOND = Decimal("200000.00")


@pytest.fixture(autouse=True)
def _table() -> None:
    ACTS["tests:bid:open"] = Act("tests:bid:open", roles(Role.CLOCK))


def signer(account: Account) -> tuple[bytes, ec.EllipticCurvePrivateKey]:
    """A certificate of the built-in authority for an account, enrolled."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = authority.issue(authority.built_in(), authority.name_of(account.username), key.public_key(), MORNING)
    der = made.public_bytes(Encoding.DER)
    facts = {"not_before": made.not_valid_before_utc, "not_after": made.not_valid_after_utc}
    Certificate.objects.create(account=account, der=der, fingerprint=cms.fingerprint(made), **facts)
    return der, key


def terms_for(world: World, lot: Lot, party: Party, changes: dict[str, object]) -> Terms:
    assert world.guarantor.party is not None
    assert lot.deadline is not None
    terms = Terms(
        GUARANTEE, "BH-001", lot.code, 1, lot.tender.purchaser.credit_code, party.credit_code,
        world.guarantor.party.credit_code, BOND, MORNING, lot.deadline + timedelta(days=120), None, None,
    )  # fmt: skip
    return replace(terms, **changes)  # type: ignore[arg-type]  # a test's own changes


def sealed_by(account: Account, terms: Terms) -> bytes:
    from cryptography import x509

    der, key = signer(account)
    return issue(terms, x509.load_der_x509_certificate(der), key)


def recognised(world: World, number: int, **changes: object) -> Guarantee:
    lot, party = world.lot(bond=BOND), world.bidder(number).party
    assert party is not None
    cover = sealed_by(world.guarantor, terms_for(world, lot, party, changes))
    with act("tests:bid:open", THE_CLOCK, on=lot) as this:
        return recognise(this, lot, party, cover)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lot": "sl-2026-001-2"}, "cover.other_lot"),
        ({"round": 2}, "cover.other_lot"),
        ({"beneficiary": "91460100MA99999999"}, "cover.other_beneficiary"),
        ({"bidder": "91460100MA99999999"}, "cover.other_bidder"),
        ({"issuer": "91460100MA99999999"}, "cover.issuer"),
        ({"amount": BOND - Decimal("0.01")}, "cover.too_small"),
        ({"until": MORNING + timedelta(days=30)}, "cover.too_short"),
        ({"kind": "promise"}, "cover.kind"),
    ],
)
def test_a_cover_that_does_not_fit_is_refused(world: World, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        recognised(world, 1, **changes)
    assert refusal.value.codes == [code]
    assert list(Guarantee.objects.all()) == []


def test_a_cover_signed_by_the_bidder_itself_is_refused(world: World) -> None:
    lot, bidder = world.lot(bond=BOND), world.bidder(1)
    assert bidder.party is not None
    cover = sealed_by(bidder, terms_for(world, lot, bidder.party, {}))
    with pytest.raises(Refused) as refusal, act("tests:bid:open", THE_CLOCK, on=lot) as this:
        recognise(this, lot, bidder.party, cover)
    assert refusal.value.codes == ["cover.issuer"]


def test_award_releases_the_losers_and_contract_the_winner(world: World) -> None:
    winner, loser = recognised(world, 1), recognised(world, 2)
    assert settle(winner.lot.code, "trading:award:noticed", winner=winner.party.code) == 1
    assert settle(winner.lot.code, "trading:award:noticed", winner=winner.party.code) == 0
    assert [row.stage for row in Guarantee.objects.order_by("pk")] == ["held", "released"]
    assert settle(winner.lot.code, "trading:contract:signed", winner=None) == 1
    assert [row.guarantee.pk for row in Movement.objects.order_by("pk")] == [loser.pk, winner.pk]


def test_a_deposit_goes_back_with_interest_to_its_account(world: World) -> None:
    deposit = recognised(world, 1, kind=DEPOSIT, account="6222 0001", rate=Decimal("0.3500"))
    world.clock.pass_(timedelta(days=40))
    settle(deposit.lot.code, "bidding:lot:failed", winner=None)
    row = Movement.objects.get()
    assert (row.kind, row.amount, row.interest, row.account) == ("refund", BOND, Decimal("77.78"), "6222 0001")


def test_interest_counts_the_value_date_and_not_the_payout() -> None:
    assert interest(Decimal(800000), Decimal("0.35"), date(2026, 3, 2), date(2026, 3, 2)) == Decimal("0.00")
    assert interest(Decimal(800000), Decimal("0.35"), date(2026, 3, 2), date(2026, 4, 1)) == Decimal("233.33")


def test_a_claim_is_filed_by_the_purchaser_and_paid_by_the_issuer(world: World) -> None:
    row = recognised(world, 1)
    with pytest.raises(Refused) as refusal:
        file_claim(row, BOND, "clause 3.4", actor=world.account("other", Role.PURCHASER).actor)
    assert refusal.value.codes == ["rights.relation"]
    for amount, grounds, code in (
        (BOND, "", "guarantees.no_grounds"),
        (BOND + 1, "clause 3.4", "guarantees.amount"),
        (Decimal(0), "clause 3.4", "guarantees.amount"),
    ):
        with pytest.raises(Refused) as refusal:
            file_claim(row, amount, grounds, actor=world.purchaser.actor)
        assert refusal.value.codes == [code]
    file_claim(row, BOND, "clause 3.4: the winner refused the contract", actor=world.purchaser.actor)
    assert settle(row.lot.code, "trading:contract:signed", winner=None) == 0
    pay_claim(row, actor=world.guarantor.actor)
    assert Guarantee.objects.get().stage == "paid"
    assert [(move.kind, move.amount) for move in Movement.objects.order_by("pk")] == [
        ("claim", BOND),
        ("payment", BOND),
    ]
