"""The words of supervision's entries, levels and steps, in English for the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.errors import _
from supervision.alarms import Level

ENTRIES: Mapping[str, str] = {
    "supervision:trail:counted": _("Entries of the tender counted"),
    "supervision:archive:made": _("Evidence put away"),
    "supervision:bundle:exported": _("Regulator took the private evidence"),
    "supervision:alarm:raised": _("Alarm raised"),
    "supervision:alarm:settled": _("Alarm looked into"),
    "supervision:house:alarmed": _("Alarm about the house raised"),
    "supervision:house:cleared": _("Alarm about the house cleared"),
    "supervision:evidence:verified": _("Evidence verified again"),
}
# word, tone, icon (parts/stage_badge.html)
LEVELS: Mapping[Level, tuple[str, str, str]] = {
    Level.RED: (_("Red"), "halt", "warning"),
    Level.ORANGE: (_("Orange"), "busy", "warning"),
    Level.YELLOW: (_("Yellow"), "busy", "info"),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "": (_("Not looked into yet"), "still"),
    "found": (_("There was something to it"), "halt"),
    "unfounded": (_("Nothing to it"), "good"),
}
# The chain of a lot: title, and the entry that ends the step.
STEPS: tuple[tuple[str, str], ...] = (
    (_("Notice"), "trading:lot:noticed"),
    (_("Deadline"), "trading:lot:closing"),
    (_("Bids counted"), "bidding:lot:closed"),
    (_("Hall opened by the host"), "bidding:hall:opened"),
    (_("Custodians' shares"), "bidding:share:released"),
    (_("Prices read out"), "bidding:prices:read"),
    (_("Opening record signed"), "bidding:lot:opened"),
    (_("Panel complete"), "experts:panel:completed"),
    (_("Evaluation begun"), "evaluation:room:opened"),
    (_("Report signed"), "evaluation:lot:evaluated"),
    (_("Candidates published"), "trading:candidates:published"),
    (_("Award"), "trading:award:noticed"),
    (_("Contract"), "trading:contract:signed"),
)
FAILURES: Mapping[str, str] = {
    "bidding:lot:failed": _("Failed: fewer bids than the law asks for, nothing was opened"),
    "bidding:opening:failed": _("Failed: not one bid could be opened"),
    "evaluation:lot:failed": _("Failed: every bid was rejected"),
}
