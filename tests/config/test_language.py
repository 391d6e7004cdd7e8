"""Chinese first, English by choice; machines name their language in the header."""

from __future__ import annotations

import pytest
from django.test import Client

ENGLISH = {"accept-language": "en-US,en;q=0.9"}


@pytest.mark.django_db
def test_a_page_is_chinese_whatever_the_browser_says() -> None:
    assert Client(headers=ENGLISH).get("/accounts/login/")["Content-Language"] == "zh-hans"


@pytest.mark.django_db
def test_who_chose_english_gets_english() -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_a_machine_gets_the_language_of_its_header() -> None:
    answer = Client(headers={**ENGLISH, "accept": "application/json"}).post("/tenders/draft", {})
    assert (answer.status_code, answer["Content-Language"]) == (401, "en")
