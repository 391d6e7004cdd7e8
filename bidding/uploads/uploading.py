"""Uploads: resumable, for one lot, under the bidder's handle (sealing.md, "Upload is submission").

Enters: lot, handle, the client's submission id, bytes as they come. Leaves: rows and parts on disk; the header checked
as soon as it is in; and with the last byte the stamp `t`, stored before anything else is done.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.header import ARMOR_MARK, ENVELOPE, VERSION_LINE, header_length
from bidding.envelope.manifest import SUBMISSION
from bidding.envelope.padding import MAX_PACKAGE
from bidding.envelope.receiving import check_header
from bidding.envelope.stream import sealed_length
from bidding.models import Envelope, Part, Upload
from bidding.uploads import arrival
from bidding.uploads.tus import Checksum
from ledger import clock
from ledger.canon import EPOCH
from ledger.errors import Conflict, Reason, _, refuse, refused
from trading.models import Lot

MAX_LENGTH = ENVELOPE.header + sealed_length(MAX_PACKAGE)
MOST = 500  # uploads that one bidder may begin for one lot
MOST_OPEN = 10  # of which so many may be unfinished, since each can fill 4 GiB of disk: one more ends the most silent
SYNC_EVERY = 1 << 24
TOO_LARGE = "bidding.too_large"


class Body(Protocol):
    """The body of a request: bytes as they come, b"" at the end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


class ChecksumError(Exception):
    """The bytes of a request are not those that the client sent: they are thrown away (tus answers 460)."""


def begin(lot: Lot, handle: str, submission: str, length: int, metadata: str = "") -> Upload:
    """A new upload of `length` bytes; `metadata` as the client wrote it. Where the bidder has too many unfinished ones,
    it takes the place of the one that was silent longest. Refused `bidding.id`, `bidding.size`, `bidding.too_large`,
    `bidding.too_many_uploads`, `bidding.no_sheet_in_force`.
    """
    refuse(_begin_blockers(lot, handle, submission, length))
    sheet_in_force(lot)
    now = clock.now()
    _make_room(lot, handle)
    return Upload.objects.create(
        code=secrets.token_hex(16),
        lot=lot,
        round=lot.tender.round,
        handle=handle,
        submission=submission,
        length=length,
        metadata=metadata,
        begun=now,
        touched=now,
    )


def _begin_blockers(lot: Lot, handle: str, submission: str, length: int) -> list[Reason]:
    reasons = []
    if not SUBMISSION.fullmatch(submission):
        reasons.append(Reason("bidding.id", _("A submission id is 32 hexadecimal digits.")))
    if not 0 < length <= MAX_LENGTH:
        code = TOO_LARGE if length > MAX_LENGTH else "bidding.size"
        reasons.append(Reason(code, _("A sealed file has at least one byte and less than 4 GiB.")))
    if Upload.objects.filter(lot=lot, handle=handle).count() >= MOST:
        reasons.append(Reason("bidding.too_many_uploads", _("Too many uploads were begun for this lot.")))
    return reasons


def _make_room(lot: Lot, handle: str) -> None:
    """Forget unfinished uploads beyond the limit, the most silent first: a client that lost count is not shut out."""
    unfinished = Upload.objects.filter(lot=lot, handle=handle, state=Upload.OPEN).order_by("-touched", "-pk")
    for upload in unfinished[MOST_OPEN - 1 :]:
        with suppress(Conflict):
            end(upload, Upload.EXPIRED, touched=upload.touched)


def append(upload: Upload, body: Body, length: int, checksum: Checksum | None = None) -> Upload:
    """Take the `length` bytes of one request. What came before a cut is kept, unless it has a checksum to hold.

    Refused with what is wrong with the header, as soon as it is in. `Conflict` when another request was faster.
    """
    part = arrival.PartFile(upload)
    try:
        _take(upload, part, body, min(length, upload.length - upload.offset), checksum)
    except BaseException:
        if not Part.objects.filter(upload=upload, name=part.name).exists():
            part.drop()
        raise
    part.file.close()
    return upload


def _take(upload: Upload, part: arrival.PartFile, body: Body, length: int, checksum: Checksum | None) -> None:
    if checksum is None:
        _take_as_it_comes(upload, part, body, length)
    else:
        _take_whole(upload, part, body, length, checksum)
    if part.start + part.length == upload.length:
        with arrival.arriving(upload.lot.code):
            _save(upload, part, clock.now())
    elif part.start + part.length > upload.offset:
        _save(upload, part)


def _take_as_it_comes(upload: Upload, part: arrival.PartFile, body: Body, length: int) -> None:
    """Look at the header at once, and save now and then, so that a crash costs little."""
    saved = 0
    while part.length < length and (piece := _read(body, min(arrival.PIECE, length - part.length))):
        _check_arriving_header(upload, piece)
        part.write(piece)
        if part.length - saved >= SYNC_EVERY and part.length < length:
            _save(upload, part)
            saved = part.length


def _take_whole(upload: Upload, part: arrival.PartFile, body: Body, length: int, checksum: Checksum) -> None:
    """Look at nothing before the checksum holds: damage on the way is not the bidder's."""
    passed, first = checksum.make(), b""
    while part.length < length and (piece := _read(body, min(arrival.PIECE, length - part.length))):
        passed.update(piece)
        part.write(piece)
        first += piece[: ENVELOPE.header + 1 - len(first)]
    if part.length < length or passed.digest() != checksum.digest:
        raise ChecksumError
    _check_arriving_header(upload, first)


def _read(body: Body, size: int) -> bytes:
    """The next bytes; a cut connection is the end of what came."""
    try:
        return body.read(size)
    except OSError:
        return b""


def _save(upload: Upload, part: arrival.PartFile, stamp: datetime | None = None) -> None:
    """Make everything that `part` holds durable, and only then move the offset; with `stamp` the upload is complete."""
    part.sync()
    offset = part.start + part.length
    changes: dict[str, object] = {"offset": offset, "prefix": upload.prefix, "header_length": upload.header_length}
    changes["touched"] = stamp or clock.now()
    if stamp is not None:
        changes |= {"state": Upload.STAMPED, "stamp": stamp}
    with transaction.atomic():
        found = Upload.objects.filter(pk=upload.pk, state=Upload.OPEN, offset=upload.offset)
        if found.update(**changes) != 1:
            raise Conflict
        facts: dict[str, object] = {"name": part.name, "length": part.length, "digest": part.sha256.hexdigest()}
        row, made = Part.objects.get_or_create(upload=upload, start=part.start, defaults=facts)
        if not made:
            Part.objects.filter(pk=row.pk, name=part.name).update(**facts)
    for name, value in changes.items():
        setattr(upload, name, value)


def _check_arriving_header(upload: Upload, piece: bytes) -> None:
    """Collect the first bytes; once the header is whole, check it by the parser that will open it."""
    if upload.header_length:
        return
    upload.prefix = (bytes(upload.prefix) + piece)[: ENVELOPE.header + 1]
    _check_kind(upload.prefix)
    found = header_length(upload.prefix)
    if found is not None:
        check_sealed(upload)
        upload.header_length = found


def _check_kind(prefix: bytes) -> None:
    """Refuse what is no age file from its first bytes on, however long its first line is."""
    mark = VERSION_LINE[:-1]
    if prefix[: len(mark)] != mark[: len(prefix)] and not prefix.startswith(ARMOR_MARK):
        refused("bidding.not_age", _("This is not a sealed file."))


def check_sealed(upload: Upload) -> Envelope:
    """The envelope that an upload will be, not stored yet, from its first bytes.

    Refused for its form, lot, round, sheet, policy, id, length, or as a copy.
    """
    sheet = sheet_in_force(upload.lot)
    received = check_header(bytes(upload.prefix), sheet=sheet, submission=upload.submission, size=upload.length)
    envelope = Envelope(
        lot=upload.lot,
        round=upload.round,
        handle=upload.handle,
        submission=upload.submission,
        stamp=upload.stamp or EPOCH,  # an arriving upload has none yet
        number=upload.number,
        size=upload.length,
        header=bytes(upload.prefix)[: received.length],
        share=received.share.hex(),
        sheet=received.opening.sheet.hex(),
        object=f"envelopes/{upload.lot.code}/{upload.number}",
    )
    refuse(copied_blockers(envelope))
    return envelope


def copied_blockers(envelope: Envelope) -> list[Reason]:
    """Whether another bidder's envelope for the lot has the same share or id: `bidding.copied`."""
    others = Envelope.objects.filter(lot=envelope.lot, round=envelope.round).exclude(handle=envelope.handle)
    if others.filter(Q(share=envelope.share) | Q(submission=envelope.submission)).exists():
        text = _("This sealed file, or its id, was received from another bidder: it is a copy.")
        return [Reason("bidding.copied", text)]
    return []


def end(upload: Upload, how: str = Upload.ENDED, **still: object) -> None:
    """Forget what an upload that is not complete brought; its row stays as the trace of an attempt.

    `still` are fields that must be as they were. `Conflict` when they are not, or the last byte has come meanwhile.
    """
    if not Upload.objects.filter(pk=upload.pk, state=Upload.OPEN, **still).update(state=how, prefix=b""):
        raise Conflict
    upload.state = how
    Part.objects.filter(upload=upload).delete()
    arrival.discard(upload)
