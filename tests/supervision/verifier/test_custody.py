"""A tender whose custodian lost a key after the notice: its bundles pass every check, and lies about it do not."""

from __future__ import annotations

import pytest

from bidding.custody.replacing import replace_sheets
from bidding.custody.sheets import sign_sheets
from bidding.envelope.x25519 import new_identity
from bidding.models import Sheet
from ledger.bundle import unpack
from supervision.bundling import public_bundle, regulators_bundle
from supervision.trusting import house_trust, log_key_text
from supervision.verifier.case import Case, Happened, read_case
from supervision.verifier.check import run
from supervision.verifier.verifying import CHECKS, verify
from tests.bidding.scenes import CUSTODIANS, Scene
from tests.supervision.bundles import Bundles
from tests.supervision.flow import Flow, whole
from tests.supervision.forger import Forger, Lie, other
from tests.supervision.verifier.saved import save
from trading import authority
from trading.addenda import AddendumDraft

ONE = "sl-2026-0001-1"
DRAFT = AddendumDraft("补遗：更换保管人密钥", "交易中心保管人的密钥遗失，启用新的保管单，请重新加密递交。")
_made: list[Bundles] = []


class Lost(Flow):
    """The same tender, in which the centre's key is lost after somebody has sealed a bid."""

    def notice(self) -> None:
        """After the notice: a bid, a new key, new sheets, their rehearsal, the addendum."""
        super().notice()
        self.send(self.lots[0], 1, "9990000.00")
        self.scene.identities["centre"] = new_identity()
        self.scene.register_keys(self.tender)
        for name in CUSTODIANS:
            account = getattr(self.world, name)
            rows = Sheet.objects.filter(lot__tender=self.tender, superseded=False, sealed=False).select_related("lot")
            pen = self.scene.pen(account)
            signed = {row.lot.code: pen.sign(bytes(row.data)) for row in rows if row.lot is not None}
            sign_sheets(self.tender, signed, actor=account.actor)
        self.scene.rehearse(self.tender)
        replace_sheets(self.tender, DRAFT, actor=self.world.agent.actor)
        self.round()


class Own(Flow):
    """The same tender under a policy that lets the bidders decrypt; one of them gives no share."""

    POLICY = "2(b,2(a,c,r))"


@pytest.fixture
def lost(scene: Scene) -> Bundles:
    """Its bundles, made by the first test that asks."""
    if not _made:
        tender = whole(scene, Lost).tender
        both = public_bundle(tender), regulators_bundle(tender)
        _made.append(save("lost", Bundles(*both, house_trust(), log_key_text(), authority.roots_pem())))
    return _made[0]


_own: list[Bundles] = []


@pytest.fixture
def own(scene: Scene) -> Bundles:
    """The bundles of that one."""
    if not _own:
        tender = whole(scene, Own).tender
        both = public_bundle(tender), regulators_bundle(tender)
        _own.append(save("own", Bundles(*both, house_trust(), log_key_text(), authority.roots_pem())))
    return _own[0]


def test_both_bundles_of_bidders_who_decrypt_pass_every_check(own: Bundles) -> None:
    for data in (own.public, own.regulators):
        verdict = verify(data, own.trust)
        assert [(one.number, [str(fault) for fault in one.faults]) for one in verdict.failed] == []
    case = read_case(unpack(own.regulators))
    assert [one["reason"] for one in case.all("bidding:envelope:decided", lot=ONE) if one["reason"]] == [
        "bidding.no_own_share"
    ]
    assert len([name for name in case.private if name.endswith(".share")]) == 7


def window_never_closed(forger: Forger) -> None:
    forger.drop(last(forger.case, "bidding:window:closed", lot=ONE))


def decided_too_early(forger: Forger) -> None:
    first = forger.case.first("bidding:envelope:decided", lot=ONE)
    assert first is not None
    forger.exchange(last(forger.case, "bidding:window:closed", lot=ONE), first)


def other_share(forger: Forger) -> None:
    one = last(forger.case, "bidding:share:given", lot=ONE)
    forger.say(one, commitment=other(one["commitment"]))


def share_denied(forger: Forger) -> None:
    forger.drop(last(forger.case, "bidding:share:given", lot=ONE))


@pytest.mark.parametrize(
    ("number", "lie"),
    [(19, window_never_closed), (19, decided_too_early), (36, other_share), (19, share_denied), (20, share_denied)],
)
def test_a_lie_about_bidders_shares_is_found(own: Bundles, number: int, lie: Lie) -> None:
    forger = Forger(read_case(unpack(own.regulators)), own.trust)
    lie(forger)
    lied, believed = forger.forged()
    assert run(CHECKS[number - 1], lied, believed).faults


def last(case: Case, tag: str, **values: object) -> Happened:
    found = case.last(tag, **values)
    assert found is not None, tag
    return found


def test_both_bundles_pass_every_check(lost: Bundles) -> None:
    for data in (lost.public, lost.regulators):
        verdict = verify(data, lost.trust)
        assert [(one.number, [str(fault) for fault in one.faults]) for one in verdict.failed] == []


def no_addendum(forger: Forger) -> None:
    forger.drop(last(forger.case, "trading:addendum:issued"))


def unimportant(forger: Forger) -> None:
    forger.say(last(forger.case, "trading:addendum:issued"), material=False)


def silent(forger: Forger) -> None:
    forger.drop(last(forger.case, "bidding:envelopes:stale", lot=ONE))


def nobody_stale(forger: Forger) -> None:
    forger.say(last(forger.case, "bidding:envelopes:stale", lot=ONE), numbers=())


def unrehearsed(forger: Forger) -> None:
    forger.drop(last(forger.case, "bidding:rehearsal:opened"))


def other_key(forger: Forger) -> None:
    one = last(forger.case, "bidding:key:registered", label="c")
    forger.say(one, key=other(one["key"]))


@pytest.mark.parametrize(
    ("number", "lie"),
    [(8, no_addendum), (8, unimportant), (9, other_key), (16, silent), (16, nobody_stale), (41, unrehearsed)],
)
def test_a_lie_about_it_is_found(lost: Bundles, number: int, lie: Lie) -> None:
    forger = Forger(read_case(unpack(lost.regulators)), lost.trust)
    lie(forger)
    lied, believed = forger.forged()
    assert run(CHECKS[number - 1], lied, believed).faults
