"""The look of the house: nothing inline, every part explained, every icon drawn, every page readable as it stands."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.utils import translation

from config.templatetags.look import beside, money, said, short, within
from ledger.errors import Reason
from tests.world import MORNING

CONFIG = Path(settings.BASE_DIR) / "config"
TEMPLATES = sorted(Path(settings.BASE_DIR).glob("*/templates/**/*.html"))
OURS = sorted((CONFIG / "templates").rglob("*.html"))
INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style in the page": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "a handler in the page": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script as an address": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}


class Outline(HTMLParser):
    """What a page consists of, as a reader without eyes meets it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.labelled: list[str] = []
        self.inputs: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag, its id and whom it speaks of."""
        held = dict(attrs)
        self.tags.append(tag)
        self.attributes.setdefault(tag, held)
        self.ids += [held["id"] or ""] if "id" in held else []
        for name in ("aria-labelledby", "aria-describedby"):
            self.refers += (held.get(name) or "").split()
        if tag == "label":
            self.labelled.append(held.get("for") or "")
        if tag in {"select", "textarea"} or (tag == "input" and held.get("type") != "hidden"):
            self.inputs.append(held.get("id") or "")

    @property
    def headings(self) -> list[int]:
        """Levels of the headings in order."""
        return [int(tag[1]) for tag in self.tags if re.fullmatch(r"h[1-6]", tag)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_a_template_compiles_and_holds_nothing_inline(path: Path) -> None:
    folder = next(parent for parent in path.parents if parent.name == "templates")
    get_template(str(path.relative_to(folder)))
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert [fault for fault, shape in INLINE.items() if shape.search(source)] == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(CONFIG)))
def test_a_shared_template_says_what_it_needs(path: Path) -> None:
    assert re.match(r"({% extends [^%]+ %})?{% comment %}\n\S", path.read_text(encoding="utf-8"))


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (CONFIG / "static/img/icons.svg").read_text(encoding="utf-8")))
    source = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    named = set(re.findall(r'{% icon (?:\w+\|default:)?"(\w+)" %}', source))

    assert named - drawn == set()
    assert len(named) > 10


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/inactive/", "/no/such/page"])
def test_a_page_has_a_language_landmarks_and_one_heading(client: Client, db: None, path: str, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = Outline(client.get(path).content.decode())

    assert page.attributes["html"]["lang"] == {"zh-hans": "zh-Hans", "en": "en"}[language]
    assert [page.tags.count(tag) for tag in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    assert page.headings[0] == 1
    assert set(page.refers) <= set(page.ids)
    assert sorted(page.inputs) == sorted(page.labelled)
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_pages_of_last_resort_need_neither_request_nor_database(name: str) -> None:
    page = Outline(render_to_string(name))

    assert page.tags.count("h1") == 1
    assert page.attributes["html"]["data-time-url"] == "/clock"


def test_large_type_is_drawn_by_the_server(client: Client, db: None) -> None:
    client.cookies["sunlight_type"] = "big"

    assert '<html lang="zh-Hans" data-type="big"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    "kind", ["text", "number", "money", "date", "datetime", "email", "password", "file", "textarea"]
)
def test_a_field_is_labelled_hinted_and_blamed(kind: str) -> None:
    field = {"name": "price", "label": "Price", "kind": kind, "value": "9", "hint": "In yuan", "error": "Too high"}

    page = Outline(render_to_string("parts/field.html", {"field": field}))

    assert (page.inputs, page.labelled) == (["f-price"], ["f-price"])
    assert page.refers == ["h-price", "e-price"]
    assert set(page.refers) <= set(page.ids)


@pytest.mark.parametrize("kind", ["radio", "checkboxes", "select"])
def test_a_choice_leads_the_summary_to_its_first_option(kind: str) -> None:
    options = [{"value": n, "label": n, "chosen": n == "b"} for n in "ab"]
    shown = render_to_string(
        "parts/field.html", {"field": {"name": "x", "label": "X", "kind": kind, "options": options}}
    )

    assert "f-x" in Outline(shown).ids
    assert sorted(Outline(shown).inputs) == sorted(Outline(shown).labelled)
    assert len(re.findall(r"\b(?:checked|selected)\b", shown)) == 1


def test_a_password_is_never_sent_back() -> None:
    field = {"name": "p", "label": "P", "kind": "password", "value": "secret-thing"}

    assert "secret-thing" not in render_to_string("parts/field.html", {"field": field})


def test_a_disabled_button_has_its_reasons_beside_it() -> None:
    reason = Reason("bidding.closed", "Closed at %(hour)s.", {"hour": "09:30"})
    action = {"name": "send", "label": "Send", "post": "/send", "reasons": [reason]}

    shown = render_to_string("parts/action.html", {"action": action})

    assert "Closed at 09:30." in shown
    assert "bidding.closed" in shown
    assert Outline(shown).refers == ["why-send"]
    assert "<form" not in shown


def test_now_stands_once_between_what_passed_and_what_comes() -> None:
    nodes = [{"title": n, "state": "done" if n < "c" else "next", "passed": n < "c"} for n in "abcd"]
    now = Context({"nodes": nodes, "now": MORNING})

    shown = Template('{% include "parts/timeline.html" %}').render(now)

    assert shown.count('class="today"') == 1
    assert shown.index(">b<") < shown.index('class="today"') < shown.index(">c<")


def test_an_unopened_tile_shows_what_it_was_given_and_a_place_without_tiles_says_why() -> None:
    tile = {"name": "Envelope 3", "state": "opening", "word": "Opening", "left": 40}
    shown = render_to_string("parts/tile_wall.html", {"tiles": [tile]})

    assert ("Envelope 3" in shown, 'stroke-dasharray="40 100"' in shown) == (True, True)
    with translation.override("en"):
        assert "No envelope is shown before the deadline." in render_to_string("parts/tile_wall.html", {"tiles": []})


def test_the_strip_and_its_table_show_the_same_prices() -> None:
    quotes = [
        {"label": "1", "name": "甲", "price": Decimal(9480000)},
        {"label": "2", "name": "<b>", "price": Decimal(9)},
    ]
    page = Template("{% load look %}{% price_strip quotes title='T' base=base %}")

    shown = page.render(Context({"quotes": quotes, "base": Decimal(9596000)}))

    assert shown.count("9,480,000.00") >= 2
    assert ("&lt;b&gt;" in shown, "<b>" in shown) == (True, False)


def test_a_table_aligns_figures_by_column_and_sorts_money_by_its_plain_value() -> None:
    columns = [{"label": "Lot"}, {"label": "Price", "kind": "money", "unit": "yuan"}]
    rows = [{"cells": ["A", Decimal("1234.5")]}, {"cells": [{"text": "B", "href": "/b"}]}]

    shown = render_to_string("parts/data_table.html", {"caption": "T", "columns": columns, "rows": rows}).replace(
        "\n", ""
    )

    assert '<td class="amount" data-value="1234.5">1,234.50</td>' in shown
    assert '<th scope="row"><a href="/b">B</a></th><td class="amount"' in shown


def test_the_small_filters() -> None:
    assert [money(Decimal(n)) for n in ("9596000", "0.005", "-1234.5")] == ["9,596,000.00", "0.01", "-1,234.50"]
    assert [money(nothing) for nothing in (None, "", "—", 3)] == ["", "", "—", "3.00"]
    assert short("a" * 64) == "aaaaaaaa…aaaaaaaa"
    assert short("short") == "short"
    assert [within(p, "/notices/") for p in ("/notices/", "/notices/1", "/notice", None)] == [True, True, False, False]
    assert (within("/", "/"), within("/x", "/"), within("/x", "")) == (True, False, False)
    assert beside(["a"], ["x", "y"]) == [("a", "x"), ("", "y")]
    assert [said(r) for r in ("Plain", {"text": "Made"}, Reason("a.b", "At %(t)s", {"t": "9"}))] == [
        "Plain",
        "Made",
        "At 9",
    ]
