"""Refusals reach people as pages and programs as problem+json, whatever kind of answer a program hoped for."""

from __future__ import annotations

import pytest
from django.test import Client

PROBLEM = "application/problem+json"
PAGE = "text/html; charset=utf-8"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ABSENT = "/supervision/tenders/nothing/bundle"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", PROBLEM),
        ("application/zip", PROBLEM),
        ("application/octet-stream, application/zip, application/problem+json", PROBLEM),
        ("*/*", PAGE),
        (BROWSER, PAGE),
        ("application/zip, text/*", PAGE),
    ],
)
def test_a_refusal_is_what_the_asker_can_read(accept: str, kind: str) -> None:
    answer = Client().get(ABSENT, headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (404, kind)


@pytest.mark.django_db
def test_who_names_nothing_gets_a_page() -> None:
    assert Client().get(ABSENT)["Content-Type"] == PAGE


@pytest.mark.django_db
def test_a_stranger_who_takes_files_alone_is_told_to_sign_in_and_not_sent_to_a_form() -> None:
    url = "/supervision/tenders/nothing/bundle/export"
    told = Client().post(url, headers={"Accept": "application/zip", "Accept-Language": "en"})
    assert (told.status_code, told["Content-Type"], told["Content-Language"]) == (401, PROBLEM, "en")
    assert told.json()["reasons"] == [{"code": "rights.sign_in", "text": "Sign in first.", "facts": {}}]
    sent = Client().post(url, headers={"Accept": BROWSER})
    assert (sent.status_code, sent["Location"].partition("?")[0]) == (302, "/accounts/login/")
