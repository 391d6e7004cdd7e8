"""Crafted against custodians (sealing.md, "Bytes"): nobody makes a custodian open what is not of this very envelope.

A bidder puts a leaf of an envelope that is to stay closed into one that will be opened, with its commitment or with one
of the own making; a custodian gives the share of another envelope or leaf. All through the act that takes releases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bidding.envelope import stanza
from bidding.envelope.header import make_header, parse_header
from bidding.envelope.sheet import sheet_digest
from bidding.opening.release import Batch, release
from bidding.opening.statement import Piece, make_statement
from ledger.errors import Refused
from tests.bidding.opening.policy_hall import PolicyHall
from tests.bidding.scenes import Scene, Sealed
from trading.models import Lot

POLICY = "2(a,c,r)"
LEAF_A = 0


def opening_in(data: bytes) -> stanza.Opening:
    return stanza.read(parse_header(data[:8192]).stanzas[0])


def with_leaf(sealed: Sealed, foreign: stanza.Opening, *, own_commitment: bool) -> Sealed:
    """The file with leaf a of `foreign`; its header has the length it had, so that everything else still fits."""
    header = parse_header(sealed.data[:8192])
    mine = stanza.read(header.stanzas[0])
    part = foreign.parts[LEAF_A]
    if own_commitment:
        part = part[: stanza.WRAPPED] + mine.parts[LEAF_A][stanza.WRAPPED :]
    crafted = replace(mine, parts=(part, *mine.parts[1:])).stanza()
    made = make_header(bytes(16), (crafted, *header.stanzas[1:])).write()
    return Sealed(made + sealed.data[len(header.write()) :], sealed.id)


def of_another_lot(hall: PolicyHall) -> tuple[stanza.Opening, bytes]:
    """The leaf of an envelope for the second lot, and its share, which custodian a has not given to anybody."""
    lot = Lot.objects.select_related("tender").get(tender=hall.lot.tender, number=2)
    found = opening_in(hall.scene.seal(lot, hall.scene.world.bidder(1)).data)
    return found, stanza.unwrap(found, LEAF_A, hall.officers.keys["a"].private)


def of_a_withdrawn_file(hall: PolicyHall) -> tuple[stanza.Opening, bytes]:
    """The leaf of bidder 5's envelope for this lot, which is withdrawn and must stay closed."""
    bidder = hall.scene.world.bidder(5)
    sealed = hall.scene.seal(hall.fresh(), bidder)
    number = hall.send(5, sealed)
    url = f"/bidding/lots/{hall.lot.code}/withdraw"
    answer = hall.scene.client(bidder).post(url, {"number": number}, HTTP_ACCEPT="application/json")
    assert answer.status_code == 200
    found = opening_in(sealed.data)
    return found, stanza.unwrap(found, LEAF_A, hall.officers.keys["a"].private)


@pytest.mark.parametrize("own_commitment", [False, True])
@pytest.mark.parametrize("taken", [of_another_lot, of_a_withdrawn_file])
def test_a_foreign_leaf_does_not_open_and_its_share_is_not_taken(
    scene: Scene, taken: Callable[[PolicyHall], tuple[stanza.Opening, bytes]], own_commitment: bool
) -> None:
    hall = PolicyHall(scene, POLICY, lots=2)
    foreign, secret = taken(hall)
    honest = scene.seal(hall.fresh(), scene.world.bidder(4))
    receipt = hall.send(4, with_leaf(honest, foreign, own_commitment=own_commitment))
    hall.count()
    hall.open()
    batch = hall.batch("a")
    assert [number for number, share in batch.shares.items() if share is None] == [receipt]
    assert secret not in batch.shares.values()
    assert post(hall, "a", {**batch.shares, receipt: secret}) == [("bidding.share_mismatch", receipt)]
    hall.release("a")
    hall.release("c")
    hall.release("r")
    decided = {bid.envelope.number: bid for bid in hall.decide().values()}
    assert (decided[receipt].state, decided[receipt].side) == ("failed", "bidder")
    assert {bid.state for number, bid in decided.items() if number != receipt} == {"opened"}


def post(hall: PolicyHall, label: str, shares: dict[str, bytes | None]) -> list[tuple[str, str]]:
    """What the act says to a batch that a custodian wrote and signed by hand."""
    pieces = [Piece(number, b"", None) for number in sorted(shares)]
    statement = make_statement(hall.lot.code, 1, sheet_digest(hall.scene.sheet(hall.fresh())), label, pieces)
    account = hall.officers.account(label)
    batch = Batch(label, shares, hall.scene.pen(account).sign(statement))
    with pytest.raises(Refused) as refused:
        release(hall.fresh(), batch, actor=account.actor)
    return [(one.code, str(one.facts.get("receipt", ""))) for one in refused.value.reasons]


def test_the_share_of_another_envelope_or_leaf_is_as_if_not_given(scene: Scene) -> None:
    hall = PolicyHall(scene, POLICY)
    hall.count()
    hall.open()
    honest = hall.batch("a").shares
    one, two, three = sorted(honest)
    swapped = {one: honest[two], two: honest[one], three: honest[three]}
    assert post(hall, "a", swapped) == [("bidding.share_mismatch", one), ("bidding.share_mismatch", two)]
    other_leaf = {**honest, three: hall.batch("c").shares[three]}
    assert post(hall, "a", other_leaf) == [("bidding.share_mismatch", three)]
    assert post(hall, "c", dict(honest)) == [("bidding.share_mismatch", number) for number in (one, two, three)]
    assert {bid.state for bid in hall.decide().values()} == {"waiting"}
