"""Pages and doors of archives: which there are, the public one of a moment, the regulator's."""

from __future__ import annotations

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from ledger.actor import Actor
from supervision.archives import archive_of, facts
from supervision.archiving import public_archive
from supervision.exporting import export_archive
from trading.access import access_tender
from trading.doors import Answer, Download, door, page, wants_json
from trading.forms import Nothing

ZIP = "application/zip"
FOR_EVER = "public, max-age=31536000, immutable"


@page("supervision:bundle:view")
def archives(request: HttpRequest, tender: str) -> HttpResponseBase:
    """The archives of a tender, for machines; people find them on its page."""
    found = access_tender("supervision:bundle:view", cast("Actor", request.actor), tender)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(facts(found))
    return redirect(f"{reverse('trading:tender', kwargs={'code': found.code})}#evidence")


@page("supervision:bundle:view")
def archive(request: HttpRequest, tender: str, moment: str) -> HttpResponseBase:
    """The public archive of a moment: the same bytes for ever."""
    found = access_tender("supervision:bundle:view", cast("Actor", request.actor), tender)  # type: ignore[attr-defined]
    made = archive_of(found, moment)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.code}-{moment}.zip"',
        "Repr-Digest": f"sha-256={made.public.hex()}", "Cache-Control": FOR_EVER,
    }  # fmt: skip
    return HttpResponse(public_archive(made.public), content_type=ZIP, headers=headers)


@door("supervision:archive:export", Nothing)
def archive_export(actor: Actor, _form: Nothing, tender: str, moment: str) -> Answer:
    """The regulator takes the own archive of a moment."""
    found = access_tender("supervision:archive:export", actor, tender)
    data = export_archive(found, moment, actor=actor)
    said = {"digest": hashlib.sha256(data).hexdigest(), "size": len(data)}
    file = Download(f"{found.code}-{moment}-regulator.zip", ZIP, data)
    return Answer(said, reverse("supervision:desk"), file)
