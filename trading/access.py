"""The only doors to objects: fetch, check the right, and answer the same 404 for absent and forbidden.

Enters: an act's name, the actor, a queryset and a lookup. Leaves: the object. A wrong stage is a refusal.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from ledger import rights
from ledger.actor import Actor
from ledger.errors import Absent, Reason, Refused, _
from trading.models import Lot, Tender

M = TypeVar("M", bound=Model)


def absent() -> Absent:
    """The one answer for what is not there and what is not yours."""
    return Absent(Reason("trading.absent", _("This does not exist, or it is not open to you.")))


def access(name: str, actor: Actor, q: QuerySet[M], **lookup: object) -> M:
    """The object of `q` found by `lookup` if the table lets `actor` do `name` to it."""
    found = q.filter(**lookup).first()
    if found is None:
        raise absent()
    reasons = rights.rights_blockers(rights.ACTS[name], actor, found)
    if any(reason.code != "rights.stage" for reason in reasons):
        raise absent()
    if reasons:
        raise Refused(*reasons)
    return found


def access_lot(name: str, actor: Actor, code: str) -> Lot:
    """The lot with this code, for the act `name`."""
    return access(name, actor, Lot.objects.select_related("tender"), code=code)


def access_tender(name: str, actor: Actor, code: str) -> Tender:
    """The tender with this code, for the act `name`."""
    return access(name, actor, Tender.objects.all(), code=code)
