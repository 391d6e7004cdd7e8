"""Pure. Alarms about the house itself: what must not fail silently, however little the people in it want it told.

Enters: nothing. Leaves: the table of rules. Unlike the alarms about lots (supervision/alarms.py) these are facts, not
hints; they are raised and cleared by the clock, stand open in the log, and every regulator sees them.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.errors import _
from supervision.alarms import Level, Rule

COSIGNATURES, TIMESTAMPS, EVIDENCE = "cosignatures_late", "timestamps_late", "evidence_broken"
HOUSE: Mapping[str, Rule] = {
    COSIGNATURES: Rule(
        Level.RED,
        _("The log's witnesses are late"),
        _("The signed state of %(size)s entries was not cosigned by enough witnesses within %(limit)s seconds."),
    ),
    TIMESTAMPS: Rule(
        Level.ORANGE,
        _("The log's timestamps are late"),
        _("The signed state of %(size)s entries got no timestamp within %(limit)s seconds."),
    ),
    EVIDENCE: Rule(
        Level.RED,
        _("Evidence no longer verifies"),
        _("%(count)s faults were found when the evidence was checked again. The first: %(first)s [%(code)s]"),
    ),
}
