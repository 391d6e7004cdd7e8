"""What the ticker does for witnesses: says in the log who counts, and has them asked when the log has grown.

Enters: the policy in force and the checkpoint to cosign. Leaves: an entry when the policy is another than the one named
last, and a task, at most one every few seconds.
"""

from __future__ import annotations

import time
from pathlib import Path

from celery import current_app
from django.conf import settings

from ledger import clock, witnessing
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.candidate import candidate
from ledger.canon import tag_of
from ledger.events import WitnessesNamed, read_entry
from ledger.models import Cosignature, EntryRow

TASK = "ledger.tasks.ask_witnesses"
PAUSE = 5.0  # seconds between two rounds


class _Asked:
    """When this process last had the witnesses asked (monotonic)."""

    at = -PAUSE


def name_witnesses() -> int:
    """Leave an entry with the policy in force, unless the last such entry says the same. Returns how many acts ran."""
    path = settings.SUNLIGHT_WITNESS_POLICY
    text = Path(path).read_text(encoding="utf-8") if path else ""
    last = EntryRow.objects.filter(tag=tag_of(WitnessesNamed)).order_by("-pk").first()
    said = read_entry(bytes(last.leaf)).values["policy"] if last else ""
    if said == text:
        return 0
    with act("ledger:witnesses:name", THE_CLOCK, on=None) as this:
        this.record(WitnessesNamed(text), scope="")
    return 1


def ask_due() -> None:
    """Send the task when a witness with an address has not cosigned the present candidate."""
    named = witnessing.policy()
    if named is None or time.monotonic() - _Asked.at < PAUSE or (point := candidate(clock.real_now())) is None:
        return
    done = set(Cosignature.objects.filter(size__gte=point.size).values_list("witness", flat=True))
    if any(address and name not in done for name, address in named.addresses.items()):
        _Asked.at = time.monotonic()
        current_app.send_task(TASK)
