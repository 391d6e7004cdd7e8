"""The words pages use for draws, in English for the catalogues."""

from __future__ import annotations

from django.utils.translation import gettext

from experts.models import Candidate
from ledger.errors import _
from trading.desks import Status

BODIES = {"agent": _("Agent"), "supervisor": _("Supervisor"), "centre": _("Trading centre")}
STATES = {
    Candidate.INVITED: (_("Asked"), "busy", ""),
    Candidate.ACCEPTED: (_("Accepted"), "good", ""),
    Candidate.DECLINED: (_("Declined"), "halt", "cross"),
    Candidate.LAPSED: (_("Did not come"), "halt", "cross"),
    Candidate.VACATED: (_("Left for a conflict"), "halt", "cross"),
    "": (_("Not asked"), "still", ""),
}
ENTRIES = {
    "experts:draw:requested": _("Experts requested"),
    "experts:seed:committed": _("A body committed to its seed"),
    "experts:pool:frozen": _("Pool of experts frozen"),
    "experts:seed:revealed": _("A seed was shown"),
    "experts:draw:drawn": _("The order of the draw is fixed"),
    "experts:invitation:made": _("An expert was asked"),
    "experts:invitation:answered": _("An expert answered"),
    "experts:invitation:lapsed": _("An expert was passed over"),
    "experts:seat:vacated": _("A member left the panel"),
    "experts:panel:completed": _("The panel is complete"),
    "experts:draw:voided": _("The draw was declared void"),
    "experts:pool:exhausted": _("Nobody is left in the order"),
}


def state(word: str) -> Status:
    """The badge of a candidate's state."""
    text, tone, icon_name = STATES[word]
    return Status(gettext(text), tone, icon_name)
