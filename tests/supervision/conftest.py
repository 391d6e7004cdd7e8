"""The bundles of one whole tender, made once for all tests here, and what is trusted when they are checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from supervision.verifier.trust import Trust
from tests.bidding.scenes import Scene
from tests.supervision.flow import Flow, whole
from tests.world import World

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.fixture
def scene(world: World, settings: Settings, tmp_path: Path) -> Scene:
    """The cast with pens and browsers; uploads lie beside the objects."""
    settings.VAR = tmp_path
    return Scene(world)


@dataclass(frozen=True)
class Bundles:
    """Both bundles of one tender, and what a verifier holds of its own."""

    public: bytes
    regulators: bytes
    trust: Trust
    log_key: str
    roots: str


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

        tender = whole(scene).tender
        both = public_bundle(tender), regulators_bundle(tender)
        _made.append(Bundles(*both, house_trust(), log_key_text(), authority.roots_pem()))
    return _made[0]
