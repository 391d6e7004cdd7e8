"""The public pages of a tender and a lot, and its papers: all of it for everybody, nothing of a draft for strangers."""

from __future__ import annotations

import json
from datetime import UTC

from django.test import Client

from tests.trading.pages import ask, read
from tests.trading.results import awarded, in_publicity
from tests.trading.tenders import DEADLINE, drafted, first_lot, published
from tests.world import World
from trading import papers, questions
from trading.method import WORKED, parse, to_json

CLOSES = DEADLINE.astimezone(UTC).isoformat()


def test_tender_page_in_both_languages(world: World, client: Client) -> None:
    tender = published(world, lots=2)
    question = questions.ask(first_lot(tender), "几标段？", actor=world.bidder(1).actor)
    questions.answer(question, "两个标段。", actor=world.agent.actor)
    world.sequence()
    for language, words in [("zh-hans", "发布招标公告"), ("en", "Notice published")]:
        page = read(client, f"/tenders/{tender.code}", language)
        for part in (words, tender.title, "几标段？", "两个标段。", "招标文件.pdf", f"/lots/{tender.code}-2"):
            assert part in page
        assert "bidder1" not in page


def test_tender_for_machines(world: World, client: Client) -> None:
    tender = published(world)
    found = ask(client, f"/tenders/{tender.code}")
    paper = tender.papers.all()[0]
    assert found["lots"] == [
        {"lot": f"{tender.code}-1", "number": 1, "title": "第1标段", "stage": "bidding", "ceiling": "10000000.00",
         "bond": "200000.00", "days": 300, "method": to_json(parse(WORKED)), "deadline": CLOSES}
    ]  # fmt: skip
    assert found["papers"][0] == {
        "paper": paper.code, "kind": "tender_document", "name": "招标文件.pdf", "digest": paper.digest,
        "size": paper.size, "href": f"/papers/{paper.code}",
    }  # fmt: skip
    assert (found["stage"], found["deadline"], found["agent"]["name"]) == ("published", CLOSES, "agent")


def test_a_draft_is_not_there_for_strangers(world: World, client: Client) -> None:
    tender = drafted(world)
    for account in (None, world.stranger, world.operator):
        if account:
            client.force_login(account)
        for path in (f"/tenders/{tender.code}", f"/lots/{tender.code}-1"):
            read(client, path, status=404)
    client.force_login(world.regulator)
    assert tender.title in read(client, f"/tenders/{tender.code}")
    assert ask(client, f"/lots/{tender.code}-1")["stage"] == "draft"


def test_lot_page_counts_down_to_its_deadline(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    page = read(client, f"/lots/{lot.code}")
    assert f'data-countdown="{int(DEADLINE.timestamp())}"' in page
    assert "壹仟万元整" in page
    assert "综合评估法" in page


def test_candidates_are_public_with_the_publicity_and_not_before(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    assert "candidates" not in ask(client, f"/lots/{lot.code}")
    lot = in_publicity(world)
    found = ask(client, f"/lots/{lot.code}")
    assert [(one["rank"], one["name"], one["price"]) for one in found["candidates"]] == [
        (1, "bidder1", "9596000.00"), (2, "bidder2", "9650000.00"), (3, "bidder3", "9700000.00"),
    ]  # fmt: skip
    assert "award" not in found
    assert "bidder4" not in json.dumps(found)
    assert "bidder1" in read(client, f"/lots/{lot.code}")


def test_award_document_is_for_everybody(world: World, client: Client) -> None:
    lot = awarded(world)
    assert ask(client, f"/lots/{lot.code}")["award"] == {
        "number": f"{lot.code}-award-1", "winner": "bidder1", "amount": "9596000.00",
    }  # fmt: skip
    answer = client.get(f"/lots/{lot.code}/award.docx")
    assert answer["Content-Disposition"] == f'attachment; filename="{lot.code}-award-1.docx"'
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_paper_comes_as_it_was_laid(world: World, client: Client) -> None:
    tender = published(world)
    paper = tender.papers.all()[0]
    answer = client.get(f"/papers/{paper.code}")
    assert b"".join(answer.streaming_content) == f"tender_document of {tender.code}".encode()  # type: ignore[attr-defined]
    assert answer["Repr-Digest"] == f"sha-256={paper.digest}"
    later = papers.add_paper(tender, "addendum", "later.pdf", b"later", actor=world.agent.actor)
    assert client.get(f"/papers/{later.code}").status_code == 404


def test_dates_for_a_calendar(world: World, client: Client) -> None:
    tender = published(world)
    answer = client.get(f"/tenders/{tender.code}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert text.count("BEGIN:VEVENT") == 6
    assert f"UID:{tender.code}-deadline@sunlight\r\nDTSTAMP:20260302T010000Z\r\nDTSTART:20260324T013000Z" in text
