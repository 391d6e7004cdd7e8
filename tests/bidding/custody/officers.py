"""Custodians of any policy: for each leaf a person with key and certificate, under the bodies a, c, r."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from bidding.client import rehearsing
from bidding.custody import choosing, keys, rehearsal
from bidding.custody import sheets as custody
from bidding.custody.composing import custodians, policy_for
from bidding.custody.facts import custody_facts, rehearsal_facts
from bidding.custody.key_statement import key_record
from bidding.custody.rehearsing import hold
from bidding.envelope.x25519 import Identity, new_identity
from ledger.actor import Role
from tests.bidding.scenes import Scene
from trading.models import Account, Lot, Tender
from trading.stages import Stage

BODIES = {"a": (Role.AGENT, "agent"), "c": (Role.CENTRE, "centre"), "r": (Role.REGULATOR, "regulator")}


@dataclass
class Officers:
    """The custodians of the scene's tender under a policy of its own; `keys` by label."""

    scene: Scene
    policy: str = "2(a,c,r)"
    keys: dict[str, Identity] = field(default_factory=dict)

    @property
    def tender(self) -> Tender:
        """The tender as it is stored now."""
        return Tender.objects.get(pk=self.scene.world.tender().pk)

    @property
    def labels(self) -> list[str]:
        """The custodians' leaves."""
        return custodians(policy_for(self.tender))

    def account(self, label: str) -> Account:
        """The person of a leaf: the first of a body is the one of the cast, others work for the same body."""
        role, body = BODIES[label[0]]
        return self.scene.world.account(body if label[1:] in {"", "1"} else f"{body}{label[1:]}", role, body)

    def choose(self) -> None:
        """The agent chooses the policy."""
        for name in ("agent", "centre", "regulator", "purchaser"):
            getattr(self.scene.world, name)
        choosing.choose_policy(self.tender, self.policy, actor=self.scene.world.agent.actor)

    def register(self, label: str, key: Identity | None = None) -> None:
        """The person of a leaf registers a key."""
        account, tender = self.account(label), self.tender
        self.keys[label] = key or new_identity()
        point = self.keys[label].recipient.key
        assert account.party is not None
        data = key_record(tender.code, tender.round, label, account.party.credit_code, point)
        keys.register_key(tender, point, self.scene.pen(account).sign(data), actor=account.actor, label=label)

    def sign(self, *labels: str) -> list[str]:
        """Those of these leaves (all, when none is named) sign what waits for them; what the last put in force."""
        sealed: list[str] = []
        for label in labels or self.labels:
            account = self.account(label)
            facts = custody_facts(self.tender, account.actor)
            pen = self.scene.pen(account)
            waiting = [one for one in facts["sheets"] if not one["sealed"]]
            signed = {one["lot"]: pen.sign(base64.b64decode(one["sheet"])) for one in waiting}
            sealed = custody.sign_sheets(self.tender, signed, actor=account.actor)
        return sealed

    def seal(self) -> rehearsing.DummyBid:
        """The agent seals the rehearsal."""
        agent = self.scene.world.agent
        signed = base64.b64decode(rehearsal_facts(self.tender)["sheet"])
        made = rehearsing.seal_dummy(signed, agent.display, self.scene.pen(agent), self.scene.world.clock.now())
        rehearsal.seal_rehearsal(self.tender, made.envelope, made.own_share, actor=agent.actor)
        return made

    def give(self, label: str) -> None:
        """The person of a leaf gives the share of the rehearsal."""
        account, facts = self.account(label), rehearsal_facts(self.tender)
        share = rehearsing.give(facts, base64.b64decode(facts["sheet"]), self.keys[label].private)
        signature = self.scene.pen(account).sign(share.statement)
        rehearsal.give_share(self.tender, share.leaf, share.share, signature, actor=account.actor)

    def rehearse(self) -> int:
        """The whole rehearsal."""
        self.seal()
        for label in self.labels:
            self.give(label)
        self.scene.world.sequence()
        return hold(self.tender)

    def prepare(self, lots: int = 1) -> list[Lot]:
        """Policy, keys, sheets, rehearsal for so many draft lots."""
        drafts = [self.scene.world.lot(Stage.DRAFT, number) for number in range(1, lots + 1)]
        self.choose()
        for label in self.labels:
            self.register(label)
        self.sign()
        self.rehearse()
        return drafts

    def notice(self, lots: int = 1) -> list[Lot]:
        """The lots take bids, put there as a stage and not as an act."""
        return [self.scene.world.lot(Stage.BIDDING, draft.number) for draft in self.prepare(lots)]
