"""Pages for everybody: the first page, the list of notices, a notice, the statistics."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ledger import clock, dating, witnessing
from trading import noticing
from trading.access import access
from trading.doors import page, wants_json
from trading.models import Notice
from trading.reading import figures, portal
from trading.reading.notices import shown


@page("trading:portal:view")
def home(request: HttpRequest) -> HttpResponseBase:
    """The first page: today's openings, what closes soon, the newest notices."""
    now = clock.now()
    facts = {
        "now": now,
        "today": portal.lot_rows(portal.openings_today(now)),
        "soon": portal.lot_rows(portal.soon(now)),
        "newest": portal.notice_rows(portal.newest()),
        "counts": portal.counts(now),
        "state": witnessing.state(clock.real_now()),
        "timestamp": dating.standing(),
    }
    return render(request, "trading/home.html", facts)


@page("trading:portal:view")
def notices(request: HttpRequest) -> HttpResponseBase:
    """The list of notices, fifty a page, by words and kind."""
    search = portal.Search.of(request.GET.dict())
    found = portal.notices(search)
    if wants_json(request):
        rows = [portal.notice_facts(notice) for notice in found]
        return JsonResponse({"notices": rows, "page": found.number, "pages": found.paginator.num_pages})
    kinds = [{"value": kind, "label": _(name), "chosen": kind == search.kind} for kind, name in noticing.NAMES.items()]
    query = request.GET.copy()
    query.pop("page", None)
    rest = f"{query.urlencode()}&" if query else ""
    facts = {"page": found, "rows": portal.notice_rows(found), "search": search, "kinds": kinds, "query": rest}
    return render(request, "trading/notices.html", facts)


@page("trading:portal:view")
def notice(request: HttpRequest, code: str) -> HttpResponseBase:
    """One notice, shown from the bytes that were published."""
    found = access("trading:portal:view", request.actor, Notice.objects.select_related("tender", "lot"), code=code)  # type: ignore[attr-defined]
    record = noticing.record_of(found)
    if wants_json(request):
        return JsonResponse({**portal.notice_facts(found), "record": f"/notices/{code}/record"})
    facts = {"notice": found, "kind": _(noticing.NAMES[found.kind]), "rows": shown(record), "record": record}
    return render(request, "trading/notice.html", facts)


@page("trading:portal:view")
def notice_record(request: HttpRequest, code: str) -> HttpResponseBase:
    """The canonical bytes of a notice."""
    found = access("trading:portal:view", request.actor, Notice.objects.all(), code=code)  # type: ignore[attr-defined]
    headers = {"Content-Disposition": f'attachment; filename="{found.digest}.bin"'}
    return HttpResponse(noticing.bytes_of(found), content_type="application/octet-stream", headers=headers)


@page("trading:portal:view")
def statistics(request: HttpRequest) -> HttpResponseBase:
    """What was traded and saved, as a table and for machines."""
    report = figures.report()
    if wants_json(request):
        return JsonResponse(report.facts)
    return render(request, "trading/statistics.html", {"report": report, "now": clock.now()})


@page("trading:portal:view")
def statistics_csv(_request: HttpRequest) -> HttpResponseBase:
    """The lots behind the statistics, as CSV with a byte order mark for spreadsheets."""
    headers = {"Content-Disposition": 'attachment; filename="sunlight-statistics.csv"'}
    return HttpResponse(figures.report().csv(), content_type="text/csv; charset=utf-8", headers=headers)
