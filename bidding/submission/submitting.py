"""Submission: what becomes of an upload whose last byte has come (sealing.md, "Upload is submission").

Enters: a stamped upload. Leaves: a receipt and a write-once object, or a signed refusal with every reason; each with a
veiled entry. The act is the clock's: whoever triggers it, the bidder's request or the ticker after a crash, the stamp
decides, and the answer is the same.
"""

from __future__ import annotations

import hashlib

import structlog
from django.db.models import Q

from bidding.custody.stale import stale_blockers
from bidding.events import EnvelopeSealed
from bidding.models import Envelope, Part, Upload
from bidding.submission import receipts
from bidding.submission.refusing import REFUSE, late_reason, not_open, record_refusal, require_settled
from bidding.submission.standing import live, live_before
from bidding.submission.standings import answer_of, moves
from bidding.uploads import arrival
from bidding.uploads.uploading import check_sealed, copied_blockers
from ledger import clock, objects
from ledger.act import This, act
from ledger.actor import THE_CLOCK
from ledger.errors import Broken, Conflict, Reason, Refused, _
from trading.models import Lot
from trading.stages import SEALED

log = structlog.get_logger("sunlight.submission")


class _AlreadyReceivedError(Exception):
    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope


def decide(upload: Upload, *, wait: bool = True) -> receipts.Answer | None:
    """The receipt or the signed refusal of a stamped upload, made once. None when somebody else is deciding it now."""
    with arrival.deciding(upload, wait=wait) as mine:
        if not mine:
            return None
        fresh = Upload.objects.select_related("lot__tender").get(pk=upload.pk)
        if fresh.state != Upload.DECIDED:
            _decide(fresh)
        return answer_of(fresh)


def _decide(upload: Upload) -> None:
    envelope, reasons = _examine(upload)
    try:
        name = REFUSE if _shut(upload, upload.lot) else "bidding:envelope:submit"
        with act(name, THE_CLOCK, on=upload.lot) as this:
            reasons = _shut(upload, this.on) or reasons or (_overtaken(envelope) if envelope else [])
            if reasons:
                _refuse(this, upload, reasons)
            elif envelope is None:
                raise Conflict  # the deadline moved while the file was not looked at: the next look decides
            else:
                _receive(this, upload, envelope)
            this.swap(upload, state=(Upload.STAMPED, Upload.DECIDED))
    except _AlreadyReceivedError:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.DECIDED)
    arrival.discard(upload)


def _overtaken(envelope: Envelope) -> list[Reason]:
    """What may have happened while the file was looked at: its copy was received, or an addendum changed the sheet."""
    return [*copied_blockers(envelope), *stale_blockers(envelope)]


def _shut(upload: Upload, lot: Lot) -> list[Reason]:
    """Accepted iff the stamp is before the deadline, half-open; and the lot was not called off meanwhile."""
    if upload.stamp is None or lot.deadline is None:
        raise Broken("an upload without stamp, or a lot without deadline, cannot be decided")
    if upload.stamp >= lot.deadline:
        require_settled(lot, clock.now())
        return [late_reason(upload.stamp, lot.deadline)]
    return [] if lot.stage in SEALED else [not_open(lot)]


def _examine(upload: Upload) -> tuple[Envelope | None, list[Reason]]:
    """The envelope whose bytes are stored and read back, or why there is none."""
    if _shut(upload, upload.lot):
        return None, []
    try:
        envelope = check_sealed(upload)
        if not _received_before(envelope):
            envelope.digest = _store(upload, envelope)
    except Refused as refusal:
        return None, list(refusal.reasons)
    except Broken as broken:
        log.exception("an upload could not be stored", number=upload.number, what=str(broken))
        text = _("The platform could not store the file as it came. Please send it again; the operators are told.")
        return None, [Reason("bidding.not_stored", text)]
    return envelope, []


def _received_before(envelope: Envelope) -> Envelope | None:
    """The own envelope with the same share or id."""
    mine = Envelope.objects.filter(lot=envelope.lot, round=envelope.round, handle=envelope.handle)
    same = mine.filter(Q(share=envelope.share) | Q(submission=envelope.submission)).order_by("pk")
    return min(same, key=lambda one: one.share != envelope.share, default=None)


def _store(upload: Upload, envelope: Envelope) -> str:
    """Bring the bytes under the envelope's own name, read back. Returns the SHA-256 of the file."""
    parts = list(upload.parts.all())
    if len(parts) == 1 and parts[0].length == upload.length:
        return _store_whole(upload, envelope, parts[0])
    return objects.store().put(envelope.object, arrival.pieces_of(upload, parts)).digest


def _store_whole(upload: Upload, envelope: Envelope, part: Part) -> str:
    """Move the one part there is; a crash may have come right after that."""
    store = objects.store()
    if not store.exists(envelope.object):
        return store.adopt(envelope.object, arrival.folder_of(upload) / part.name, part.digest).digest
    with store.open(envelope.object) as file:
        if objects.digest_of(file) != (part.digest, part.length):
            raise Broken(f"the object {envelope.object} is not what its upload brought")
    return part.digest


def _receive(this: This[Lot], upload: Upload, envelope: Envelope) -> None:
    before = _received_before(envelope)
    if before is not None:
        _same_again(this, upload, before)
        return
    replaces = live_before(moves(this.on, envelope.handle), envelope.stamp)
    happened = EnvelopeSealed(
        lot=this.on.code,
        round=envelope.round,
        submission=envelope.submission,
        digest=bytes.fromhex(envelope.digest),
        header=receipts.header_digest(envelope),
        size=envelope.size,
        stamp=envelope.stamp,
        number=envelope.number,
        replaces=replaces,
    )
    for name, value in receipts.answer(this, happened).items():
        setattr(envelope, name, value)
    envelope.save(force_insert=True)


def _same_again(this: This[Lot], upload: Upload, before: Envelope) -> None:
    """The same file again gets the same receipt as long as it is live; anything else under its id is refused."""
    same = [part.digest for part in upload.parts.all()] == [before.digest] or _digest(upload) == before.digest
    if same and live(moves(this.on, upload.handle)) == before.number:
        raise _AlreadyReceivedError(before)
    text = _("This id or file was used before, for another file or one replaced or withdrawn since. Seal the bid anew.")
    _refuse(this, upload, [Reason("bidding.used", text)])


def _digest(upload: Upload) -> str:
    digest = hashlib.sha256()
    for piece in arrival.pieces_of(upload, list(upload.parts.all())):
        digest.update(piece)
    return digest.hexdigest()


def _refuse(this: This[Lot], upload: Upload, reasons: list[Reason]) -> None:
    if upload.stamp is None:
        raise Broken("an upload is refused with the time of its refusal")
    record_refusal(this, upload.handle, upload.submission, upload.stamp, upload.number, reasons)
