"""Verifying again what is kept: every month the evidence of each tender that has ended, and the whole log.

Enters: a tender's code, or "log". Leaves: what the verifier found, as an entry, and an alarm about the house while
there is a fault. A worker does it, one subject at a time: the regulator's bundle is put together anew from everything
that is stored, and the numbered checks are run over it; the log is read from what is served. Trust is the house's own:
that outsiders can do the same with theirs is what the bundle is for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from cryptography.exceptions import InvalidTag
from django.conf import settings

from ledger import clock, fsck, merkle, note, objects, sequencer, tiles, tree
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.canon import tag_of
from ledger.errors import Absent, Broken, Reason, Refused, _
from ledger.events import read_entry
from ledger.models import EntryRow
from supervision.archiving import public_archive, regulators_archive
from supervision.bundling import NOT_COUNTED, regulators_bundle
from supervision.events import ArchiveMade, EvidenceVerified
from supervision.house import EVIDENCE
from supervision.house_alarms import settle
from supervision.models import Recheck
from supervision.trusting import house_trust, log_key
from supervision.verifier.case import fault
from supervision.verifier.verifying import verify
from supervision.verifier.whole_log import check_log
from trading.models import Tender

LOG = "log"
KEPT = 0  # the number of the check that archives are what was put away, and that a bundle can be made at all
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Outcome:
    """What came of it: of how many bytes (entries), with which digest; checks passed, numbers of those that failed."""

    digest: bytes
    size: int
    passed: int
    failed: tuple[int, ...]
    faults: tuple[Reason, ...]


def reverify(subject: str) -> Outcome | None:
    """Verify `subject`, say so in the log, raise or clear the alarm. None when it is not the time or cannot be yet."""
    found = Recheck.objects.filter(subject=subject, busy_until__isnull=False)
    if found.filter(is_begun=False).update(is_begun=True) != 1:
        return None  # told twice: another worker is at it, or was
    try:
        outcome = look(subject)
    except Refused as refusal:
        if NOT_COUNTED not in refusal.reasons:
            raise
        found.update(busy_until=None, is_begun=False, due_at=clock.now() + SOON)
        return None
    _record(found.get(), outcome)
    settle(EVIDENCE, _facts(outcome), subject)
    return outcome


def look(subject: str) -> Outcome:
    """What the verifier finds in what is stored now."""
    return _log() if subject == LOG else _tender(Tender.objects.get(code=subject))


def _tender(tender: Tender) -> Outcome:
    made: list[bytes] = []

    def make() -> Iterator[Reason]:
        made.append(regulators_bundle(tender))
        yield from ()

    kept = (*_caught(lambda: _archives(tender)), *_caught(make))
    if not made:
        return Outcome(b"", 0, 0, (KEPT,), kept)
    verdict = verify(made[0], house_trust())
    faults = tuple(one for result in verdict.failed for one in result.faults)
    passed = sum(result.is_ok for result in verdict.results)
    failed = (*((KEPT,) if kept else ()), *(result.number for result in verdict.failed))
    return Outcome(hashlib.sha256(made[0]).digest(), len(made[0]), passed, failed, (*kept, *faults))


def _archives(tender: Tender) -> Iterator[Reason]:
    """The archives of the tender's moments, each against its digest in the log."""
    for row in EntryRow.objects.filter(tag=tag_of(ArchiveMade), scope=tender.code).order_by("pk"):
        said = read_entry(bytes(row.leaf)).values
        for digest, reading in ((said["public"], public_archive), (said["regulators"], regulators_archive)):
            if digest is not None:
                yield from _caught(partial(_archive, digest, reading, said["moment"]))


def _archive(digest: bytes, reading: Callable[[bytes], bytes], moment: str) -> Iterator[Reason]:
    if hashlib.sha256(reading(digest)).digest() != digest:
        text = _("The archive of the moment %(moment)s is not what was put away.")
        yield fault("archive_changed", text, moment=moment)


def _log() -> Outcome:
    last = tree.latest_checkpoint()
    if last is None:
        return Outcome(merkle.EMPTY, 0, 0, (), ())
    signed = bytes(last.note)
    checks: list[Callable[[], Iterable[Reason]]] = [
        lambda: check_log(signed, stored_leaves(last.size), log_key()),
        _differences,
    ]
    results = [tuple(_caught(check)) for check in checks]
    failed = tuple(number for number, faults in enumerate(results, 1) if faults)
    root = note.text_of(signed).root
    return Outcome(root, last.size, len(checks) - len(failed), failed, tuple(one for found in results for one in found))


def _differences() -> Iterator[Reason]:
    """What fsck says: the root derived again from tiles and from the database."""
    found = fsck.first_difference()
    if found is not None:
        yield fault("log_differs", _("The log does not agree with itself: %(why)s."), why=found)


def _caught(work: Callable[[], Iterable[Reason]]) -> Iterator[Reason]:
    """The findings, and what stopped the work as one more: evidence that cannot be read is evidence that is gone."""
    try:
        yield from work()
    except Refused as refusal:
        if NOT_COUNTED in refusal.reasons:
            raise
        yield from refusal.reasons
    except (Broken, InvalidTag, OSError, LookupError, ValueError, ArithmeticError) as error:
        yield fault("broken", _("This cannot be read: %(why)s."), why=str(error) or type(error).__name__)


def stored_leaves(size: int) -> Iterator[bytes]:
    """The first `size` leaves out of the entry bundles in storage; `Broken` when one does not hold what belongs in it.

    A partial bundle is let go once there is a fuller one; then that is read.
    """
    for number in range((size + tiles.WIDTH - 1) // tiles.WIDTH):
        width = min(tiles.WIDTH, size - number * tiles.WIDTH)
        found = tiles.unbundle(_bundle(number, width))[:width]
        if len(found) != width:
            raise Broken(f"bundle {number} holds {len(found)} entries, not {width}")
        yield from found


def _bundle(number: int, width: int) -> bytes:
    try:
        return objects.read(f"{sequencer.SPACE}/{tiles.tile_path('entries', number, width)}")
    except Absent:
        return objects.read(f"{sequencer.SPACE}/{tiles.tile_path('entries', number)}")


def _record(row: Recheck, outcome: Outcome) -> None:
    said = EvidenceVerified(
        row.subject, outcome.digest, outcome.size, outcome.passed, outcome.failed, len(outcome.faults)
    )
    with act("supervision:evidence:verify", THE_CLOCK, on=row) as this:
        this.record(said, scope="")
        next_time = this.now + timedelta(days=settings.SUNLIGHT_REVERIFY_DAYS)
        figures = {"passed": outcome.passed, "faults": len(outcome.faults)}
        Recheck.objects.filter(pk=row.pk).update(
            due_at=next_time, busy_until=None, is_begun=False, done_at=this.now, **figures
        )


def _facts(outcome: Outcome) -> dict[str, object] | None:
    """What the alarm says, None for no alarm."""
    if not outcome.faults:
        return None
    first = outcome.faults[0]
    about = {name: value[:200] for name, value in first.facts.items()}
    return {"count": len(outcome.faults), "code": first.code, "text": first.text, "about": about}
