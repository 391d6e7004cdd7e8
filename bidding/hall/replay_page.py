"""What the replay's template needs: one step of the opening as a board, the sentences, and the ways back and on.

Enters: a lot, the number of a step as the reader wrote it. Leaves: dictionaries in the forms of config/templates/parts.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from bidding.envelope.policy import NAMES
from bidding.hall import shown
from bidding.hall.countdowns import LABELS
from bidding.hall.replay import sentences, steps_of
from bidding.hall.replaying import Step
from bidding.hall.scene import Scene, scene_facts
from ledger.errors import _
from trading.models import Lot

Facts = dict[str, Any]
PARTS = {"host": _("Host"), "witness": _("Witness")}


def facts(lot: Lot) -> Facts:
    """Every step for machines."""
    found = [
        {"step": number, "entries": [one.index for one in step.told], "at": step.at.isoformat(),
         "tags": [one.tag for one in step.told], "scene": scene_facts(step.scene)}
        for number, step in enumerate(steps_of(lot), 1)
    ]  # fmt: skip
    return {"lot": lot.code, "steps": found}


def context(lot: Lot, asked: str) -> Facts:
    """The context of hall_replay.html; a step that is not there is the last one."""
    steps = steps_of(lot)
    if not steps:
        return {"lot": lot, "count": 0}
    number = int(asked) if asked.isascii() and asked.isdecimal() and 1 <= int(asked) <= len(steps) else len(steps)
    step = steps[number - 1]
    return {
        "lot": lot,
        "number": number,
        "count": len(steps),
        "before": number - 1,
        "after": number + 1 if number < len(steps) else 0,
        "at": step.at,
        "said": sentences(step),
        **board(step.scene),
        "entries": list(reversed(_lines(steps[:number]))),
    }


def board(scene: Scene) -> Facts:
    """The scene as the live board shows it."""
    return {
        "scene": scene,
        "marks": shown.steps(scene),
        "tiles": shown.tiles(scene),
        "tally": shown.tally(scene),
        "lights": [
            {"leaf": leaf, "word": gettext(NAMES.get(leaf[0], leaf)), "is_lit": lit} for leaf, lit in scene.custodians
        ],
        "windows": [{"label": gettext(LABELS[name]), "until": at} for name, at in scene.windows],
        "table": shown.prices(scene),
        "signatures": [{"word": gettext(word), "is_lit": part in scene.signed} for part, word in PARTS.items()],
    }


def _lines(steps: list[Step]) -> list[Facts]:
    return [
        {"number": index, "at": step.at, "text": text, "href": f"?step={number}"}
        for number, step in enumerate(steps, 1)
        for index, text in sentences(step)
    ]
