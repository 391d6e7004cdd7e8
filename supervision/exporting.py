"""Exporting: the regulator takes the private evidence of a tender, and the log says so.

Enters: a tender, or one of its moments. Leaves: the archive, and an entry with its digest. Sealed files are in it only
for lots whose opening is over: before that they are nobody's to take.
"""

from __future__ import annotations

import hashlib

from ledger.act import act
from ledger.actor import Actor
from ledger.errors import _, refused
from ledger.rights import require
from supervision.archives import archive_of
from supervision.archiving import regulators_archive
from supervision.bundling import regulators_bundle
from supervision.events import BundleExported
from trading.models import Tender


def export(tender: Tender, *, actor: Actor) -> bytes:
    """The regulator's bundle of the newest state. Refused `supervision.not_counted`, `supervision.bundle_large`."""
    require("supervision:bundle:export", actor, tender)
    return _told("supervision:bundle:export", tender, regulators_bundle(tender), actor)


def export_archive(tender: Tender, moment: str, *, actor: Actor) -> bytes:
    """The regulator's archive of a moment. `Absent` before it was made; refused `supervision.bundle_large`."""
    require("supervision:archive:export", actor, tender)
    digest = archive_of(tender, moment).regulators
    if digest is None:
        refused("supervision.bundle_large", _("The evidence of this tender is larger than 1 GiB."))
    return _told("supervision:archive:export", tender, regulators_archive(digest), actor)


def _told(name: str, tender: Tender, data: bytes, actor: Actor) -> bytes:
    """The archive was made before the act begins, which holds up everybody who writes; then the log is told."""
    with act(name, actor, on=tender) as this:
        this.record(BundleExported(this.on.code, hashlib.sha256(data).digest(), len(data)))
    return data
