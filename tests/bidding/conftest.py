"""The scene of bidding for every test here that asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bidding.scenes import Scene
from tests.world import World

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.fixture
def scene(world: World, settings: Settings, tmp_path: Path) -> Scene:
    """The cast with pens and browsers; uploads lie beside the objects."""
    settings.VAR = tmp_path
    return Scene(world)
