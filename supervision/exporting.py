"""Exporting: the regulator takes the private evidence of a tender, and the log says so.

Enters: a tender. Leaves: the archive, and an entry with its digest. Sealed files are in it only for lots whose opening
is over: before that they are nobody's to take.
"""

from __future__ import annotations

import hashlib

from ledger.act import act
from ledger.actor import Actor
from supervision.bundling import regulators_bundle
from supervision.events import BundleExported
from trading.models import Tender


def export(tender: Tender, *, actor: Actor) -> bytes:
    """The regulator's bundle. Refused `supervision.not_counted`, `supervision.bundle_large`."""
    with act("supervision:bundle:export", actor, on=tender) as this:
        data = regulators_bundle(this.on)
        this.record(BundleExported(this.on.code, hashlib.sha256(data).digest(), len(data)))
    return data
