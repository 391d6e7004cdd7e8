"""The bundles of one whole tender, made once for all tests here, and what is trusted when they are checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.bundle import Leaf
from tests.bidding.scenes import Scene
from tests.supervision.bundles import Bundles
from tests.supervision.flow import Flow, whole
from tests.supervision.verifier.saved import save
from tests.trading.tenders import lot_draft, tender_draft
from tests.world import World
from trading import drafting, papers

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.fixture
def scene(world: World, settings: Settings, tmp_path: Path) -> Scene:
    """The cast with pens and browsers; uploads lie beside the objects."""
    settings.VAR = tmp_path
    return Scene(world)


class Beside(Flow):
    """The same tender; meanwhile another one is drafted."""

    early: bytes
    stranger: str

    def late(self) -> None:
        """Before the deadline: a bundle, another tender."""
        from supervision.bundling import public_bundle

        self.early, agent = public_bundle(self.tender), self.world.agent.actor
        drafted = drafting.draft_tender(tender_draft(self.world), actor=agent)
        drafting.draft_lot(drafted, lot_draft(title="别的标段"), actor=agent)
        papers.add_paper(drafted, "tender_document", "招标文件.pdf", b"another paper", actor=agent)
        self.stranger = drafted.code
        super().late()


_made: list[Bundles] = []


@pytest.fixture
def flow(scene: Scene) -> Flow:
    """The whole tender, on an empty database."""
    return whole(scene)


@pytest.fixture
def bundles(scene: Scene) -> Bundles:
    """Its bundles, made by the first test that asks."""
    if not _made:
        from supervision.bundling import public_bundle, regulators_bundle
        from supervision.trusting import house_trust, log_key_text
        from trading import authority

        flow = whole(scene, Beside)
        assert isinstance(flow, Beside)
        made = Bundles(
            public_bundle(flow.tender), regulators_bundle(flow.tender), house_trust(), log_key_text(),
            authority.roots_pem(), flow.early, leaves_about(flow), receipts_of(flow),
        )  # fmt: skip
        _made.append(save("whole", made))
    return _made[0]


def leaves_about(flow: Beside) -> tuple[Leaf, ...]:
    """What the log holds about the other tender, under the checkpoint of the bundles."""
    from ledger import tree
    from ledger.models import EntryRow
    from supervision.bundling import covering

    _trail, state = covering(flow.tender)
    rows = EntryRow.objects.filter(place__isnull=False, scope__startswith=flow.stranger).order_by("place__index")
    paths = tree.paths((row.place.index for row in rows), state.size)
    return tuple(Leaf(row.place.index, bytes(row.leaf), paths[row.place.index]) for row in rows)


def receipts_of(flow: Beside) -> tuple[str, ...]:
    """Every receipt file that the house gave."""
    from bidding.models import Envelope, Refusal, Withdrawal
    from bidding.submission.receipt import receipt_file

    rows = [row for kind in (Envelope, Withdrawal, Refusal) for row in kind.objects.filter(lot__tender=flow.tender)]
    return tuple(json.dumps(receipt_file(bytes(row.record), bytes(row.signature))) for row in rows)
