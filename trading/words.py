"""The words pages use for stages, instants, papers and entries, in English for the catalogues.

Enters: codes. Leaves: msgids, and badges as templates show them. Rooms above add the words for their entries with
`tell`; an entry without words is shown by its tag.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from ledger.actor import Role
from ledger.errors import _
from trading.desks import Status
from trading.stages import Stage

# word, tone (parts/stage_badge.html), icon ("" for the tone's own)
STAGES: Mapping[str, tuple[str, str, str]] = {
    Stage.DRAFT: (_("Draft"), "still", ""),
    Stage.BIDDING: (_("Taking bids"), "calm", "open"),
    Stage.CLOSING: (_("Closing"), "busy", ""),
    Stage.CLOSED: (_("Closed, sealed"), "busy", "lock"),
    Stage.OPENING: (_("Opening"), "busy", "key"),
    Stage.OPENED: (_("Opened"), "calm", "open"),
    Stage.EVALUATING: (_("Being evaluated"), "busy", "scale"),
    Stage.EVALUATED: (_("Evaluated"), "calm", "scale"),
    Stage.PUBLICITY: (_("Candidates in public"), "busy", "eye"),
    Stage.AWARDED: (_("Awarded"), "good", "flag"),
    Stage.CONTRACTED: (_("Contract signed"), "good", "seal"),
    Stage.FAILED: (_("Failed"), "halt", ""),
    Stage.TERMINATED: (_("Called off"), "halt", ""),
}
TENDER_STAGES = {"draft": STAGES[Stage.DRAFT], "published": (_("Published"), "calm", "paper")}
MARKS: Mapping[str, str] = {
    "noticed": _("Notice"),
    "documents_at_least_until": _("Papers to be had until at least"),
    "clarification_until": _("Changes that affect bids until"),
    "objection_to_papers_until": _("Objections to the papers until"),
    "deadline": _("Deadline for bids"),
    "opening": _("Opening"),
    "publicity_until": _("Publicity of candidates until"),
    "contract_until": _("Contract to be signed until"),
}
PAPER_KINDS: Mapping[str, str] = {"addendum": _("Paper of an addendum"), "contract": _("Text of a contract")}
ROLES: Mapping[Role, str] = {
    Role.PURCHASER: _("Purchaser"),
    Role.AGENT: _("Agent"),
    Role.BIDDER: _("Bidder"),
    Role.EXPERT: _("Expert"),
    Role.GUARANTOR: _("Guarantor"),
    Role.CENTRE: _("Trading centre"),
    Role.REGULATOR: _("Regulator"),
    Role.OPERATOR: _("Operator"),
}
ENTRIES: dict[str, str] = {
    "trading:tender:drafted": _("Draft begun"),
    "trading:tender:amended": _("Draft changed"),
    "trading:lot:drafted": _("Lot added to the draft"),
    "trading:lot:amended": _("Lot of the draft changed"),
    "trading:paper:added": _("Paper added"),
    "trading:paper:dropped": _("Paper taken away before publication"),
    "trading:notice:published": _("Notice published"),
    "trading:lot:noticed": _("Lot takes bids"),
    "trading:question:answered": _("Question answered"),
    "trading:addendum:issued": _("Addendum issued"),
    "trading:deadline:moved": _("Deadline moved"),
    "trading:deadline:extended": _("Deadline moved after an outage"),
    "trading:outage:found": _("Outage found"),
    "trading:outage:declared": _("Outage declared"),
    "trading:outage:over": _("Outage over"),
    "trading:objection:made": _("Objection made"),
    "trading:objection:answered": _("Objection answered"),
    "trading:lot:closing": _("Deadline reached"),
    "trading:lot:overdue": _("Statutory time has passed"),
    "trading:candidates:published": _("Candidates published"),
    "trading:publicity:ended": _("Publicity ended"),
    "trading:failure:noticed": _("Failure noticed"),
    "trading:award:noticed": _("Award noticed"),
    "trading:contract:drawn": _("Contract drawn up"),
    "trading:contract:endorsed": _("One side signed the contract"),
    "trading:contract:signed": _("Contract signed by both sides"),
    "ledger:veiled:lifted": _("Veil lifted from an entry"),
    "ledger:field:disclosed": _("Field of an entry disclosed"),
}


def tell(words: Mapping[str, str]) -> None:
    """Add the words for a room's entries: tag to msgid."""
    ENTRIES.update(words)


def entry_words(tag: str) -> str:
    """What an entry says in the reader's language."""
    return gettext(ENTRIES[tag]) if tag in ENTRIES else tag


def badge(stage: str) -> Status:
    """The badge of a lot's stage."""
    word, tone, icon_name = STAGES[Stage(stage)]
    return Status(gettext(word), tone, icon_name)


def tender_badge(stage: str) -> Status:
    """The badge of a tender's stage."""
    word, tone, icon_name = TENDER_STAGES[stage]
    return Status(gettext(word), tone, icon_name)


def paper_kind(kind: str, named: Mapping[str, str]) -> str:
    """What a kind of paper is called; `named` are the procedure's own kinds."""
    return gettext({**named, **PAPER_KINDS}.get(kind, kind))
