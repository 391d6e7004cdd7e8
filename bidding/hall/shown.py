"""A scene as templates show it: the same tiles and steps for the live board and for the replay.

Enters: a scene. Leaves: dictionaries in the forms of config/templates/parts (steps, tile_wall, data_table).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from bidding.hall.board import STEPS
from bidding.hall.scene import Scene, SceneEnvelope
from bidding.opening.deciding import Side
from bidding.opening.reasons import why
from ledger.errors import _
from trading.money import capitals

Facts = dict[str, Any]
WORDS = {
    "waiting": _("Sealed"),
    "present": _("Signed in"),
    "opening": _("Decrypting"),
    "open": _("Decrypted"),
    "failed": _("Did not open"),
}
TONES = {
    "waiting": ("still", "lock"),
    "present": ("calm", "person"),
    "opening": ("busy", "key"),
    "open": ("good", "open"),
    "failed": ("halt", "stop"),
}
REVOKED = _("The bidder answers for it: the bid counts as revoked.")
WITHDRAWN = _("The bidder does not answer for it: the bid counts as withdrawn.")


def consequence(side: str) -> str:
    """What follows for a bid that did not open, by the side that answers for it."""
    return gettext(REVOKED if side == Side.BIDDER else WITHDRAWN)


def steps(scene: Scene) -> list[Facts]:
    """The steps of an opening, with the one at which the scene stands."""

    def state(place: int) -> str:
        return "done" if place < scene.step else "current" if place == scene.step else "next"

    return [{"word": gettext(word), "state": state(place)} for place, word in enumerate(STEPS)]


def tiles(scene: Scene) -> list[Facts]:
    """One tile an envelope."""
    return [_tile(one) for one in scene.envelopes]


def _tile(one: SceneEnvelope) -> Facts:
    more = f"{why(one.reason)} {consequence(one.side)}" if one.reason else ""
    return {
        "name": one.name or gettext("Envelope %(number)s") % {"number": one.number},
        "state": one.state,
        "word": gettext(WORDS[one.state]),
        "figure": "" if one.price is None else f"{one.price:,}",
        "unit": gettext("yuan"),
        "more": more,
        "code": one.reason,
    }


def tally(scene: Scene) -> list[Facts]:
    """How many envelopes are in which state."""
    counts = {state: sum(one.state == state for one in scene.envelopes) for state in WORDS}
    return [
        {"word": gettext(word), "count": counts[state], "tone": TONES[state][0], "icon_name": TONES[state][1]}
        for state, word in WORDS.items()
        if counts[state]
    ]


def prices(scene: Scene) -> Facts | None:
    """The prices as a table, once they are read."""
    if not scene.read:
        return None
    return {
        "columns": [
            {"label": gettext("No."), "kind": "figure"},
            {"label": gettext("Bidder"), "kind": "text"},
            {"label": gettext("Bid price"), "kind": "money", "unit": gettext("yuan")},
            {"label": gettext("Price in words"), "kind": "text"},
            {"label": gettext("Remarks"), "kind": "text"},
            {"label": gettext("Confirmed"), "kind": "text"},
        ],
        "rows": [{"cells": _cells(one)} for one in scene.envelopes],
    }


def _cells(one: SceneEnvelope) -> list[object]:
    if one.price is None:
        return [one.number, one.name, "", "", why(one.reason), ""]
    word, tone = (gettext("Yes"), "good") if one.confirmed else (gettext("Not yet"), "still")
    price = {"text": f"{one.price:,}", "value": str(one.price)}
    return [one.number, one.name, price, capitals(one.price), "", {"badge": {"word": word, "tone": tone}}]
