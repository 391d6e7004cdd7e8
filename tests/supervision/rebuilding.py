"""Makes the archives of a tender again, in a process of its own: `python -m tests.supervision.rebuilding TENDER`.

Enters: a database and a folder of objects, by the environment. Leaves: a line for every archive that the log names:
moment, SHA-256 of the public one, SHA-256 of the regulator's. Rows that nobody asked an order for come backwards.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import timedelta

import django
from django.conf import settings
from django.db import connection


def main(code: str) -> None:
    """Print the digests."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from ledger.models import EntryRow
    from supervision.archives import archives_of
    from supervision.bundling import bundle
    from supervision.models import Moment
    from supervision.verifier.case import PUBLIC, REGULATOR
    from tests.world import TestClock
    from trading.models import Tender

    settings.OBJECTS_URL = os.environ["OBJECTS_URL"]
    TestClock().pass_(timedelta(days=400))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
    tender = Tender.objects.get(code=code)
    for made in archives_of(tender):
        row = Moment.objects.get(tender=tender, moment=made.moment)
        count = EntryRow.objects.select_related("place").get(place__index=row.trail)
        both = (bundle(tender, kind, made.moment, count) for kind in (PUBLIC, REGULATOR))
        print(made.moment, *(hashlib.sha256(data).hexdigest() for data in both))  # noqa: T201  the answer


if __name__ == "__main__":
    main(sys.argv[1])
