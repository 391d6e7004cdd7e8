"""The cast and the stage of tests: one account for each role, a tender with a lot, a clock that tests set.

`world.stranger` is signed in, has a role, belongs to nothing, and must never get in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from ledger import sequencer
from ledger.actor import Actor, Role
from ledger.models import EntryRow
from trading.models import Account, Lot, Party, Tender
from trading.stages import Stage

MORNING = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
PASSWORD = "correct horse battery"


class TestClock:
    """A source of time that stands still until it is moved."""

    __test__ = False
    instant = MORNING

    def now(self) -> datetime:
        """The instant it was set to."""
        return TestClock.instant

    def set(self, instant: datetime) -> None:
        """Set the instant, forward or back."""
        TestClock.instant = instant

    def pass_(self, step: timedelta) -> datetime:
        """Move on by `step`."""
        TestClock.instant += step
        return TestClock.instant


def credit_code(number: int) -> str:
    """A credit code of the right shape for tests: 18 characters, unlike for each number."""
    return f"91460100MA{number:08d}"


@dataclass
class World:
    """The cast. Accounts are made on first use, without evidence: they are the stage, not the play."""

    clock: TestClock
    accounts: dict[str, Account] = field(default_factory=dict)

    def party(self, name: str) -> Party:
        """The organisation called `name`."""
        count = Party.objects.count()
        return Party.objects.get_or_create(name=name, defaults={"credit_code": credit_code(count + 1)})[0]

    def account(self, username: str, role: Role, party: str | None = "") -> Account:
        """The account `username`; its party has the same name unless another is given, None for none."""
        if username not in self.accounts:
            body = None if party is None else self.party(party or username)
            made = Account.objects.create(username=username, role=role.value, display=username, party=body)
            self.accounts[username] = made
        return self.accounts[username]

    def actor(self, username: str) -> Actor:
        """The actor of an account of the cast."""
        return self.accounts[username].actor

    @property
    def purchaser(self) -> Account:
        """Works for the purchaser of the tender."""
        return self.account("purchaser", Role.PURCHASER)

    @property
    def agent(self) -> Account:
        """Works for the tender's agent; also custodian a."""
        return self.account("agent", Role.AGENT)

    @property
    def centre(self) -> Account:
        """Works for the trading centre; also custodian c."""
        return self.account("centre", Role.CENTRE)

    @property
    def regulator(self) -> Account:
        """Works for the tender's regulator; also custodian r."""
        return self.account("regulator", Role.REGULATOR)

    @property
    def operator(self) -> Account:
        """Runs the platform; sees nothing sealed."""
        return self.account("operator", Role.OPERATOR, None)

    @property
    def guarantor(self) -> Account:
        """Works for a bank that issues guarantees."""
        return self.account("guarantor", Role.GUARANTOR)

    @property
    def stranger(self) -> Account:
        """A bidder's account that takes part in nothing."""
        return self.account("stranger", Role.BIDDER)

    def bidder(self, number: int) -> Account:
        """Bidder 1, 2, 3 and so on."""
        return self.account(f"bidder{number}", Role.BIDDER)

    def expert(self, number: int) -> Account:
        """Expert 1, 2, 3 and so on."""
        return self.account(f"expert{number}", Role.EXPERT, None)

    def tender(self, code: str = "sl-2026-001") -> Tender:
        """A draft tender among the parties of the cast."""
        parties = {name: getattr(self, name).party for name in ("purchaser", "agent", "centre", "regulator")}
        defaults = {"title": "Harbour road, section two", "procedure": "construction", **parties}
        return Tender.objects.get_or_create(code=code, defaults=defaults)[0]

    def lot(self, stage: Stage = Stage.BIDDING, number: int = 1, **facts: object) -> Lot:
        """A lot of the tender, put on the stage `stage`; its deadline is 22 days after the morning."""
        tender = self.tender()
        defaults: dict[str, object] = {
            "code": f"{tender.code}-{number}",
            "title": f"Section {number}",
            "ceiling": Decimal("10000000.00"),
            "deadline": MORNING + timedelta(days=22),
            **facts,
            "stage": stage.value,
        }
        if stage is not Stage.DRAFT and tender.stage == "draft":
            Tender.objects.filter(pk=tender.pk).update(
                stage="published", published_at=MORNING, deadline=defaults["deadline"]
            )
        lot, _made = Lot.objects.update_or_create(tender=tender, number=number, defaults=defaults)
        return lot

    def recorded(self) -> list[str]:
        """The tags of all entries, in the order of their rows."""
        return list(EntryRow.objects.order_by("pk").values_list("tag", flat=True))

    def sequence(self) -> None:
        """Give every entry its place and publish a checkpoint."""
        sequencer.run_once()
