"""The papers that a bid for a lot has: named by the procedure, judged blind where the lot's method says so.

Enters: a lot. Leaves: plain values for the clients' checks, with the address of a blank of each; the blank itself.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from bidding.submission import blank_tables, blank_volumes
from trading.access import absent
from trading.models import Lot, Party
from trading.procedures.known import procedure_of
from trading.procedures.procedure import VolumeKind

BLANK = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip


def volumes_of(lot: Lot) -> tuple[VolumeKind, ...]:
    """What the procedure asks for."""
    return procedure_of(lot.tender.procedure).volumes


def is_blind(lot: Lot, volume: VolumeKind) -> bool:
    """Whether the panel reads it without knowing whose it is."""
    return volume.code in lot.method.get("blind", ())


def paper_facts(lot: Lot) -> list[dict[str, Any]]:
    """Every paper as the bid desk tells it."""
    return [
        {
            "code": volume.code,
            "name": gettext(volume.name),
            "stems": list(volume.stems),
            "endings": list(volume.endings),
            "required": volume.required,
            "blind": is_blind(lot, volume),
            "article": gettext(volume.article),
            "blank": reverse("bidding:blank", kwargs={"lot": lot.code, "paper": volume.code}),
        }
        for volume in volumes_of(lot)
    ]


def blank_name(volume: VolumeKind) -> str:
    """The name of a blank, by which the check knows the paper again; Chinese or English as the reader."""
    stem = volume.stems[0] if (get_language() or "zh").startswith("zh") else volume.stems[-1]
    return f"{stem}.{volume.endings[0]}"


def blank(lot: Lot, party: Party, code: str) -> tuple[str, bytes, str]:
    """(name, bytes, media type) of the blank of a paper, made from the lot's facts; absent when there is none."""
    for volume in volumes_of(lot):
        if volume.code == code:
            return blank_name(volume), _made(lot, party, volume), BLANK[volume.endings[0]]
    raise absent()


def _made(lot: Lot, party: Party, volume: VolumeKind) -> bytes:
    if volume.code == "opening_list":
        return blank_tables.opening_list(lot, party)
    if volume.code == "price_schedule":
        return blank_tables.price_schedule(lot)
    if volume.code == "technical":
        return blank_volumes.technical(lot, None if is_blind(lot, volume) else party)
    return blank_volumes.commercial(lot, None if is_blind(lot, volume) else party)
