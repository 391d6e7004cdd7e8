"""Putting the evidence of a tender away at its four moments: deadline, opening, award, archive (docs/bundle.md).

Enters: a moment that a count has brought. Leaves: two archives in object storage under their SHA-256, the public one
as it is, the regulator's encrypted under the platform key; and an entry with both digests. It waits for the cosigned
checkpoint and the timestamp that belong into them, but not for ever: evidence is put away while it is fresh.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import structlog
from celery import current_app
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError

from ledger import dating, objects, witnessing
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import Broken, Conflict, Refused
from ledger.models import CheckpointRow, EntryRow
from supervision.bundling import bundle, covering
from supervision.cosigned import cosigned
from supervision.events import ArchiveMade
from supervision.models import Moment
from supervision.verifier.case import PUBLIC, REGULATOR

TASK = "supervision.tasks.archive"
SPACE = "archives"
EVERY = 5  # seconds between calls
PATIENCE = timedelta(hours=1)  # how long cosignatures and timestamps are waited for
LATER = 600  # seconds until what could not be made is tried again
ONE_USE = bytes(12)  # the key is for one archive alone

logger = structlog.get_logger("sunlight.archives")


def call(now: datetime) -> int:
    """Send the task when something waits and it is time; without a broker, do its work. Returns how many were made."""
    if not Moment.objects.filter(made=False).exists() or not cache.add("supervision.archives.called", 1, EVERY):
        return 0
    if settings.ONE_PROCESS:
        return make_due(now)
    try:
        current_app.send_task(TASK, expires=2 * EVERY)
    except OperationalError:
        logger.warning("the broker is away: archives wait")
    return 0


def make_due(now: datetime) -> int:
    """Make what is ready. Returns how many; one that cannot be made is logged and leaves the others alone."""
    waiting = Moment.objects.filter(made=False).select_related("tender").order_by("pk")
    return sum(_one(row) for row in waiting if is_ready(row, now))


def _one(row: Moment) -> int:
    turn = f"supervision.archives.turn.{row.pk}"
    if not cache.add(turn, 1, LATER):
        return 0  # another worker makes it, or it could not be made a little while ago
    try:
        make_archive(row)
    except Conflict:
        return 0
    except Refused as refused:
        logger.error("an archive waits", tender=row.tender.code, moment=row.moment, why=refused.codes)  # noqa: TRY400
        return 0
    return 1


def is_ready(row: Moment, now: datetime) -> bool:
    """Whether everything that belongs into the archive is there, or has been waited for long enough."""
    state = CheckpointRow.objects.filter(size__gt=row.trail).order_by("size").first()
    if state is None or Moment.objects.filter(tender=row.tender, made=False, pk__lt=row.pk).exists():
        return False  # one moment after the other, so that none is missing between two
    vouched = (witnessing.policy() is None or cosigned(state.size)) and dating.dating(state.size)
    return bool(vouched) or now >= row.reached_at + PATIENCE


def make_archive(row: Moment) -> EntryRow:
    """Make and keep both archives of a moment, and say so in the log. `Conflict` when it is done already.

    Refused `supervision.bundle_large`, when even the public one is larger than an archive may be.
    """
    count = EntryRow.objects.select_related("place").get(place__index=row.trail)
    public = bundle(row.tender, PUBLIC, row.moment, count)
    private = _unless_large(row, count)
    kept = objects.put(SPACE, public)
    digest = _keep_sealed(private) if private is not None else None
    state = covering(row.tender, count)[1].size
    with act("supervision:archive:make", THE_CLOCK, on=row) as this:
        this.swap(this.on, made=(False, True))
        made = ArchiveMade(
            tender=row.tender.code, moment=row.moment, trail=row.trail, state=state, public=bytes.fromhex(kept.digest),
            public_size=kept.size, regulators=digest, regulators_size=len(private or b""),
        )  # fmt: skip
        return this.record(made)


def _unless_large(row: Moment, count: EntryRow) -> bytes | None:
    try:
        return bundle(row.tender, REGULATOR, row.moment, count)
    except Refused as refused:
        if refused.codes != ["supervision.bundle_large"]:
            raise
        logger.warning("a regulator's archive is too large", tender=row.tender.code, moment=row.moment)
        return None


def public_archive(digest: bytes) -> bytes:
    """The bytes of a public archive."""
    return objects.read(f"{SPACE}/{digest.hex()}")


def _cipher(digest: bytes) -> ChaCha20Poly1305:
    """A key for the archive with this SHA-256 and no other: the same archive is sealed to the same bytes."""
    derive = HKDF(hashes.SHA256(), 32, salt=None, info=b"sunlight.archive/1\0" + digest)
    return ChaCha20Poly1305(derive.derive(settings.PLATFORM_KEY))


def _keep_sealed(data: bytes) -> bytes:
    """Keep a regulator's archive, which storage may not read; its SHA-256."""
    digest = hashlib.sha256(data).digest()
    objects.store().put(_sealed_name(digest), [_cipher(digest).encrypt(ONE_USE, data, None)])
    return digest


def regulators_archive(digest: bytes) -> bytes:
    """The bytes of a regulator's archive; `Broken` when storage holds something else."""
    try:
        return _cipher(digest).decrypt(ONE_USE, objects.read(_sealed_name(digest)), None)
    except InvalidTag:
        raise Broken(f"the archive {digest.hex()} is not what was put away") from None


def _sealed_name(digest: bytes) -> str:
    return f"{SPACE}/{digest.hex()}.sealed"
