"""Reads for the first page and the list of notices.

Enters: what the reader searches for, the instant. Leaves: pages of notices, lots of today, counts; each a fixed number
of queries however much there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from ledger.actor import Actor
from trading.desk import tenders_of
from trading.models import Account, Lot, Notice
from trading.noticing import NAMES
from trading.periods import end_of, local_day, start_of
from trading.stages import Stage
from trading.words import badge, tender_badge

ON_A_PAGE = 50
NEWEST = 8
OWN = 20
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Search:
    """What the reader asked of the list: words in title or code, a kind of notice, a page."""

    words: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Search:
        """The search a query string spells; what makes no sense is left out."""
        kind, page = query.get("kind", ""), query.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
        return cls(query.get("q", "").strip()[:LONGEST_SEARCH], kind if kind in NAMES else "", max(number, 1))


def notices(search: Search) -> Page[Notice]:
    """One page of notices, newest first."""
    q = Notice.objects.select_related("tender", "lot")
    if search.kind:
        q = q.filter(kind=search.kind)
    if search.words:
        words = search.words
        q = q.filter(Q(title__icontains=words) | Q(tender__title__icontains=words) | Q(tender__code__icontains=words))
    return Paginator(q, ON_A_PAGE).get_page(search.page)


def newest() -> list[Notice]:
    """The newest notices."""
    return list(Notice.objects.select_related("tender", "lot")[:NEWEST])


def openings_today(now: datetime) -> list[Lot]:
    """Lots whose deadline falls on the present day, in order of time."""
    day = local_day(now)
    q = _noticed().filter(deadline__gte=start_of(day), deadline__lt=end_of(day))
    return list(q.order_by("deadline", "pk")[:ON_A_PAGE])


def soon(now: datetime) -> list[Lot]:
    """Lots that take bids, the nearest deadline first; those of today stand elsewhere."""
    q = _noticed().filter(stage=Stage.BIDDING, deadline__gte=end_of(local_day(now)))
    return list(q.order_by("deadline", "pk")[:NEWEST])


def counts(now: datetime) -> dict[str, int]:
    """How many lots take bids, are being opened or judged, stand in public, were awarded within a year."""
    groups = {
        "bidding": Q(stage=Stage.BIDDING),
        "judged": Q(stage__in=[Stage.CLOSING, Stage.CLOSED, Stage.OPENING, Stage.OPENED, Stage.EVALUATING]),
        "publicity": Q(stage__in=[Stage.EVALUATED, Stage.PUBLICITY]),
        "awarded": Q(awarded_at__gte=now - timedelta(days=365), stage__in=[Stage.AWARDED, Stage.CONTRACTED]),
    }
    return Lot.objects.aggregate(**{name: Count("pk", filter=group) for name, group in groups.items()})


def notice_facts(notice: Notice) -> dict[str, object]:
    """A notice for machines."""
    return {
        "code": notice.code, "kind": notice.kind, "number": notice.number, "title": notice.title,
        "tender": notice.tender.code, "lot": notice.lot.code if notice.lot else None, "digest": notice.digest,
        "at": notice.at.isoformat(), "until": notice.until.isoformat() if notice.until else None,
        "href": f"/notices/{notice.code}",
    }  # fmt: skip


def notice_rows(found: list[Notice] | Page[Notice]) -> list[dict[str, object]]:
    """Notices as rows of parts/data_table.html."""
    return [
        {
            "cells": [
                {"text": notice_title(notice), "href": f"/notices/{notice.code}"},
                gettext(NAMES[notice.kind]),
                notice.lot.code if notice.lot else notice.tender.code,
                notice.at,
            ]
        }
        for notice in found
    ]


def notice_title(notice: Notice) -> str:
    """The title of the tender, and of the lot or addendum where the notice is about one."""
    named = notice.tender.title
    return named if notice.title == named else f"{named} · {notice.title}"


def lot_rows(lots: list[Lot]) -> list[dict[str, object]]:
    """Lots as rows of parts/data_table.html: title, code, deadline, stage."""
    return [
        {
            "cells": [
                {"text": f"{lot.tender.title} · {lot.title}", "href": f"/lots/{lot.code}"},
                lot.code,
                lot.deadline,
                {"badge": badge(lot.stage)},
            ]
        }
        for lot in lots
    ]


def said_name(account: object) -> str:
    """Who is signed in: the person and, if any, the organisation."""
    if not isinstance(account, Account):
        return ""
    person = account.display or account.username
    return f"{person} · {account.party.name}" if account.party else person


def own_tenders(actor: Actor) -> list[dict[str, object]]:
    """The newest tenders around which the actor's organisation stands, as rows."""
    return [
        {
            "cells": [
                {"text": tender.title, "href": f"/tenders/{tender.code}"},
                tender.code,
                tender.deadline,
                {"badge": tender_badge(tender.stage)},
            ]
        }
        for tender in tenders_of(actor)[:OWN]
    ]


def _noticed() -> QuerySet[Lot]:
    return Lot.objects.exclude(stage=Stage.DRAFT).select_related("tender")
