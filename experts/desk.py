"""What experts puts on desks: invitations for experts, steps of a draw for agent, supervisor and centre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from experts import words
from experts.models import Candidate, Draw
from experts.rules import BODIES
from ledger.actor import Actor, Role
from trading.desks import Action, Item, Status, desk_action, desk_item
from trading.words import tell

tell(words.ENTRIES)


@desk_item(Role.EXPERT)
def invitations(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Invitations without an answer."""
    rows = Candidate.objects.filter(expert__account__code=actor.code, state=Candidate.INVITED)
    for row in rows.exclude(draw__stage=Draw.VOID).select_related("draw")[:20]:
        yield Item(
            _("You are drawn for an evaluation: accept or decline"),
            reverse("experts:invitations"),
            row.draw.place,
            row.draw.meets_at,
            _("Begins"),
            _("Bidding Law, article 37"),
        )


@desk_item(Role.AGENT, Role.REGULATOR, Role.CENTRE)
def seeds(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Draws that wait for the body's commitment, seed, or for the pool to be frozen."""
    body, field = BODIES[actor.role]
    draws = Draw.objects.filter(**{f"lot__tender__{field}__code": actor.organisation})
    unseen = Q(stage=Draw.REQUESTED) & ~Q(parts__body=body)
    hidden = Q(stage=Draw.FROZEN, parts__body=body, parts__seed="")
    for draw in draws.filter(unseen | hidden).select_related("lot__tender").distinct()[:20]:
        committing = draw.stage == Draw.REQUESTED
        title = _("Commit to a seed for the draw: %s") if committing else _("Show your seed for the draw: %s")
        href = reverse("experts:draw", kwargs={"lot": draw.lot.code})
        yield Item(title % draw.lot.title, href, draw.lot.tender.title, status=Status(_("Draw of experts"), "busy"))


@desk_action(Role.CENTRE)
def register(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """The register of experts."""
    yield Action("experts", _("Register of experts"), reverse("experts:register"))
