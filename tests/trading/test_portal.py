"""The first page, the list of notices and a notice: for everybody, in both languages, at a fixed price."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.test import Client

from ledger.canon import encode
from tests.trading.pages import ask, queries, read
from tests.trading.results import in_publicity
from tests.trading.tenders import DEADLINE, drafted, published
from tests.world import World
from trading import noticing
from trading.models import Notice, Tender
from trading.reading.portal import Search


def publish_many(world: World, count: int) -> list[Tender]:
    return [published(world) for _ in range(count)]


def test_first_page_in_both_languages(world: World, client: Client) -> None:
    tender = published(world)
    drafted(world)
    chinese, english = read(client, "/"), read(client, "/", "en")
    assert ("公共资源，阳光交易" in chinese, "Public resources traded in the open" in english) == (True, True)
    for page in (chinese, english):
        assert f'href="/lots/{tender.code}-1"' in page
        assert page.count(f"/notices/{Notice.objects.get().code}") == 1
        assert "sl-2026-0002" not in page  # a draft


def test_todays_openings_are_those_of_the_day_in_china(world: World, client: Client) -> None:
    tender = published(world)
    world.clock.set(DEADLINE.replace(hour=0, minute=0) - timedelta(milliseconds=1))
    assert "今日没有开标项目。" in read(client, "/")
    world.clock.set(DEADLINE.replace(hour=0, minute=0))
    page = read(client, "/")
    assert "今日没有开标项目。" not in page
    assert f'href="/lots/{tender.code}-1"' in page


@pytest.mark.parametrize("path", ["/", "/notices"])
def test_lists_take_as_many_queries_for_three_as_for_one(world: World, client: Client, path: str) -> None:
    publish_many(world, 1)
    one = queries(client, path)
    publish_many(world, 2)
    assert queries(client, path) == one
    assert one <= {"/": 5, "/notices": 2}[path]  # the first page asks once how the log stands


def test_notices_for_machines_newest_first(world: World, client: Client) -> None:
    first, second = publish_many(world, 2)
    found = ask(client, "/notices")
    notice = Notice.objects.get(tender=first)
    assert [row["tender"] for row in found["notices"]] == [second.code, first.code]
    assert found["notices"][1] == {
        "code": notice.code, "kind": "notice", "number": 1, "title": first.title, "tender": first.code, "lot": None,
        "digest": notice.digest, "at": notice.at.isoformat(), "until": DEADLINE.astimezone(UTC).isoformat(),
        "href": f"/notices/{notice.code}",
    }  # fmt: skip
    assert (found["page"], found["pages"]) == (1, 1)


def test_search_by_title_code_and_kind(world: World, client: Client) -> None:
    first, second = publish_many(world, 2)
    Tender.objects.filter(pk=second.pk).update(title="污水泵站")
    for query, expected in [("q=泵站", [second.code]), (f"q={first.code}", [first.code]), ("q=没有", []),
                            ("kind=award", []), ("kind=notice", [second.code, first.code])]:  # fmt: skip
        assert [row["tender"] for row in ask(client, f"/notices?{query}")["notices"]] == expected
    assert "没有符合条件的公告。" in read(client, "/notices?q=没有")


def test_a_senseless_search_is_no_error() -> None:
    search = Search.of({"q": "x" * 200, "kind": "<script>", "page": "-3"})
    assert (len(search.words), search.kind, search.page) == (100, "", 1)
    assert [Search.of({"page": page}).page for page in ("0", "7", "٣", "9" * 30)] == [1, 7, 1, 1]


def test_a_notice_shows_its_record_and_gives_its_bytes(world: World, client: Client) -> None:
    tender = published(world)
    notice = Notice.objects.get()
    page = read(client, f"/notices/{notice.code}")
    for words in (tender.title, "10,000,000.00", "壹仟万元整", "2026-03-24 09:30:00", notice.digest, "招标文件.pdf"):
        assert words in page
    answer = client.get(f"/notices/{notice.code}/record")
    assert answer.content == encode(noticing.record_of(notice))
    assert read(client, "/notices/nothing", status=404)


def test_every_kind_of_notice_has_a_page(world: World, client: Client) -> None:
    lot = in_publicity(world)
    page = read(client, f"/notices/{Notice.objects.get(lot=lot, kind='candidates').code}", "en")
    for words in ("Candidate 1", "bidder1", "9,596,000.00", "Bidding Regulation, article 54"):
        assert words in page
