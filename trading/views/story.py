"""Pages of a tender, a lot and its award, and the papers: each asks whether the reader may see it."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from ledger import clock
from trading import outages, papers, questions
from trading.access import access_lot, access_tender
from trading.doors import page, wants_json
from trading.ical import calendar
from trading.procedures.known import procedure_of
from trading.reading import lots, offers, outage_rows, portal, story
from trading.words import badge, tender_badge


@page("trading:tender:view")
def tender(request: HttpRequest, code: str) -> HttpResponseBase:
    """The public page of a tender."""
    found = access_tender("trading:tender:view", request.actor, code)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(story.tender_facts(found))
    now, procedure = clock.now(), procedure_of(found.procedure)
    facts = {
        "tender": found, "title": found.title, "kicker": found.code, "lead": found.summary, "now": now,
        "stage": tender_badge(found.stage), "facts": story.facts(found), "nodes": story.nodes(found, now),
        "ical_href": f"/tenders/{code}.ics",
        "lots": story.lots(found), "papers": story.paper_rows(list(papers.published(found)), procedure),
        "questions": questions.answered(found).select_related("lot"), "entries": story.entries(found),
        "notices": portal.notice_rows(story.notices_of(found)),
        "actions": offers.of_tender(found, request.actor, now),  # type: ignore[attr-defined]
        "evidence": offers.evidence_of(found, request.actor),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "trading/tender.html", facts)


@page("trading:tender:view")
def dates(request: HttpRequest, code: str) -> HttpResponseBase:
    """The dates of a tender as an iCalendar file."""
    found = access_tender("trading:tender:view", request.actor, code)  # type: ignore[attr-defined]
    text = calendar(found.title, clock.now(), story.dates(found, settings.SITE_ORIGINS[0]))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


@page("trading:lot:view")
def lot(request: HttpRequest, code: str) -> HttpResponseBase:
    """The page of a lot, with its countdown while it takes bids."""
    found = access_lot("trading:lot:view", request.actor, code)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(lots.page_facts(found))
    now = clock.now()
    facts = {
        "lot": found, "tender": found.tender, "title": found.title, "kicker": found.code, "now": now,
        "stage": badge(found.stage), "facts": lots.facts(found), "nodes": lots.nodes(found, now),
        "criteria": lots.criteria(found), "candidates": lots.candidate_rows(found),
        "notices": portal.notice_rows(lots.notices_of(found)),
        "entries": story.entries(found.tender, [found.code]),
        "remarks": outage_rows.remarks(outages.extensions_of(found)),
        "actions": offers.of_lot(found, request.actor, now),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "trading/lot.html", facts)


@page("trading:paper:view")
def paper(request: HttpRequest, code: str) -> HttpResponseBase:
    """The bytes of a paper, as an attachment."""
    found = papers.access_paper(request.actor, code)  # type: ignore[attr-defined]
    answer = FileResponse(papers.open_paper(found), as_attachment=True, filename=found.name)
    answer["Content-Type"], answer["Content-Length"] = "application/octet-stream", str(found.size)
    answer["Repr-Digest"] = f"sha-256={found.digest}"
    return answer
