"""A site with many lots that differ in nothing but who bid for them, for those who try to tell them apart.

Enters: how many lots, who bids. Leaves: a `Scene` in which everything went through the real doors; the modules that
use it run in a process of their own, in the environment that `environment` gives.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bidding.server import ROOT, Site

if TYPE_CHECKING:
    from tests.bidding.scenes import Scene
    from trading.models import Lot

FIRST = 100  # so that all codes have the same length


def run_in(folder: Path, module: str) -> str:
    """Run `module` as a program on a site of its own in `folder`; what it prints."""
    environment = {**Site(folder / "var").environment, "SUNLIGHT_CLOCK": "tests.world.TestClock"}
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return done.stdout


def set_up(count: int) -> tuple[Scene, list[Lot]]:
    """Django, an empty database, and `count` lots that take bids."""
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    from tests.bidding.scenes import Scene
    from tests.migrated import empty_database
    from tests.world import TestClock, World
    from trading.method import WORKED
    from trading.stages import Stage

    setup_test_environment()
    empty_database(Path(os.environ["SUNLIGHT_VAR"]))
    scene = Scene(World(TestClock()))
    facts = {"title": "Section", "days": 300, "method": dict(WORKED)}
    drafts = [scene.world.lot(Stage.DRAFT, FIRST + number, **facts) for number in range(count)]
    scene.register_keys(drafts[0].tender)
    scene.sign_sheets(drafts[0].tender)
    return scene, [scene.world.lot(Stage.BIDDING, draft.number, **facts) for draft in drafts]


def shared(right: Iterable[bool]) -> float:
    """The share of trials that came out right."""
    found = list(right)
    return sum(found) / len(found)


def folds(count: int, parts: int = 5) -> list[tuple[list[int], list[int]]]:
    """(train, test) for each of `parts` parts of the numbers below `count`."""
    return [
        ([one for one in range(count) if one % parts != part], [one for one in range(count) if one % parts == part])
        for part in range(parts)
    ]


Guess = Callable[[int], bool]
