"""The working pages: a tender goes from its form to its contract by what people click, refusals named on the page."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.trading.keys import pen_of
from tests.trading.pages import ask, codes, read, send
from tests.trading.results import awarded, in_publicity
from tests.trading.tenders import DEADLINE, drafted, first_lot, published, ready, seal_sheets, tender_draft
from tests.world import World
from trading import contracting, objections, questions
from trading.method import LOWEST
from trading.models import Lot, Notice, Objection, Paper, Question, Tender
from trading.reading.drafts import spelled


def as_(world: World, client: Client, name: str) -> Client:
    client.force_login(getattr(world, name))
    return client


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("upload.bin", data)


def test_a_tender_is_drafted_and_published_by_forms(world: World, client: Client) -> None:
    as_(world, client, "agent")
    for name in ("purchaser", "centre", "regulator"):
        getattr(world, name)
    page = read(client, "/tenders/new")
    assert all(word in page for word in ('name="procedure"', 'value="construction"', "purchaser 914601"))
    answer = client.post("/tenders/draft", vars(tender_draft(world)))
    tender = Tender.objects.get()
    assert answer["Location"] == f"/tenders/{tender.code}/draft"
    lot = {"title": "一标段", "ceiling": "", "bond": "0", "days": "90", "method": spelled(LOWEST)}
    assert client.post(f"/tenders/{tender.code}/lots", lot)["Location"] == f"/tenders/{tender.code}/draft"
    for kind, name in (("tender_document", "招标文件.pdf"), ("review_record", "审查.pdf")):
        paper = {"kind": kind, "name": name, "file": file(kind.encode())}
        assert client.post(f"/tenders/{tender.code}/papers", paper).status_code == 302
    assert "招标文件.pdf" in read(client, f"/tenders/{tender.code}/draft")

    page = read(client, f"/tenders/{tender.code}/check")
    assert ("trading.no_custody_sheet" in page, 'aria-disabled="true"' in page) == (True, True)
    seal_sheets(world, tender)
    page = read(client, f"/tenders/{tender.code}/check?deadline=2026-03-10T09:00:00")
    assert ("trading.deadline_too_early" in page, "trading.no_custody_sheet" in page) == (True, False)
    page = read(client, f"/tenders/{tender.code}/check")
    assert ('aria-disabled="true"' in page, "2026-03-23 09:30:00" in page) == (False, True)

    assert client.post(f"/tenders/{tender.code}/publish", {"deadline": "2026-03-24T09:30:00"})["Location"] == (
        f"/tenders/{tender.code}"
    )
    assert (Tender.objects.get().deadline, Lot.objects.get().ceiling) == (DEADLINE, None)


def test_a_refused_form_says_every_reason_in_both_languages(world: World, client: Client) -> None:
    tender = drafted(world, lots=0)
    as_(world, client, "agent")
    lot = {"title": "", "bond": "-1", "days": "0", "method": spelled(LOWEST)}
    for language, words in [("zh-hans", "投标保证金应为金额，最多两位小数。"), ("en", "A bond is an amount")]:
        client.cookies["sunlight_language"] = language
        answer = client.post(f"/tenders/{tender.code}/lots", lot)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert all(part in page for part in (words, "trading.title", "trading.bond", "trading.days"))
    for method in ("[1]", "[" * 9_000):
        problem = send(client, f"/tenders/{tender.code}/lots", 422, **{**lot, "method": method})
        assert codes(problem) == ["trading.method_not_json"]
    for body in (b"[" * 100_000, b"[]", b"\xff", b'{"title": 1e999'):
        answer = client.post(f"/tenders/{tender.code}/lots", body, content_type="application/json")
        assert (answer.status_code, codes(answer.json())) == (400, ["form.not_json"])
    assert Lot.objects.count() == 0


def test_strangers_find_none_of_the_working_pages(world: World, client: Client) -> None:
    draft, tender = drafted(world), ready(world)
    other = world.account("other-agent", world.agent.actor.role)
    client.force_login(other)
    for path in ("draft", "check", "lots/new"):
        read(client, f"/tenders/{draft.code}/{path}", status=404)
    read(client, f"/lots/{draft.code}-1/edit", status=404)
    problem = send(client, f"/tenders/{tender.code}/publish", 404, deadline=DEADLINE.isoformat())
    assert codes(problem) == ["trading.absent"]
    client.force_login(world.stranger)
    read(client, f"/tenders/{draft.code}/draft", status=403)
    assert not Notice.objects.exists()


def test_questions_and_addenda_by_forms(world: World, client: Client) -> None:
    tender = published(world)
    lot = first_lot(tender)
    client.force_login(world.bidder(1))
    path = f"/bidding/questions/{lot.code}"
    assert client.post(f"{path}/ask", {"text": "一个问题？"})["Location"] == path
    assert client.post(f"{path}/object", {"text": "一个异议。"})["Location"] == path
    page = read(client, path)
    assert ("一个问题？" in page, "一个异议。" in page) == (True, True)
    client.force_login(world.bidder(2))
    page = read(client, path)
    assert ("一个问题？" in page, "一个异议。" in page) == (False, False)

    as_(world, client, "agent")
    page = read(client, f"/tenders/{tender.code}/questions")
    assert ("一个问题？" in page, "一个异议。" in page, "bidder1" in page) == (True, True, False)
    for place, row in (("questions", Question.objects.get()), ("objections", Objection.objects.get())):
        assert client.post(f"/{place}/{row.code}/answer", {"text": "答复。"}).status_code == 302
    upload = {"kind": "addendum", "name": "补遗.pdf", "file": file(b"addendum")}
    client.post(f"/tenders/{tender.code}/papers", upload)
    paper = Paper.objects.get(kind="addendum")
    assert f'value="{paper.code}"' in read(client, f"/tenders/{tender.code}/questions")
    addendum = {"title": "补遗", "text": "更正。", "material": "on", "deadline": "", "papers": [paper.code]}
    assert client.post(f"/tenders/{tender.code}/addenda", addendum).status_code == 302
    assert Paper.objects.get(pk=paper.pk).addendum == Notice.objects.get(kind="addendum")
    assert "补遗.pdf" in read(client, f"/tenders/{tender.code}")


def test_the_asking_page_says_when_it_is_too_late(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    client.force_login(world.bidder(1))
    world.clock.set(DEADLINE - timedelta(days=3))
    assert "trading.objection_late" in read(client, f"/bidding/questions/{lot.code}")
    world.clock.set(DEADLINE)
    assert "投标已截止，不能再提问。" in read(client, f"/bidding/questions/{lot.code}")


def test_objection_and_award_by_forms(world: World, client: Client) -> None:
    lot = in_publicity(world)
    client.force_login(world.bidder(4))
    assert client.post(f"/lots/{lot.code}/objections", {"text": "评分有误。"})["Location"] == f"/lots/{lot.code}/award"
    made = Objection.objects.get()
    as_(world, client, "purchaser")
    page = read(client, f"/lots/{lot.code}/award")
    assert all(word in page for word in ("评分有误。", "trading.publicity_not_over", "trading.objection_unanswered"))
    assert lot.publicity_until is not None
    world.clock.set(lot.publicity_until)
    objections.answer(made, "复核无误。", actor=world.agent.actor)
    assert client.post(f"/lots/{lot.code}/award/give", {})["Location"] == f"/lots/{lot.code}/award"
    assert "玖佰伍拾玖万陆仟元整" in read(client, f"/lots/{lot.code}/award")
    client.force_login(world.stranger)
    read(client, f"/lots/{lot.code}/award", status=404)


def test_contract_is_drawn_and_signed_over_http(world: World, client: Client) -> None:
    lot = awarded(world)
    as_(world, client, "agent")
    assert codes(send(client, f"/lots/{lot.code}/contract", 422, amount="9596000.01")) == ["trading.contract_amount"]
    facts = send(client, f"/lots/{lot.code}/contract", amount="9596000.00")
    number = f"{lot.code}-award-1-contract"
    assert facts == {"contract": number, "record": f"/lots/{lot.code}/contract/record"}
    for account, concluded in ((world.purchaser, False), (world.bidder(1), True)):
        client.force_login(account)
        data = client.get(f"/lots/{lot.code}/contract/record").content
        page = read(client, f"/lots/{lot.code}/award")
        assert "签署合同" in page
        assert f"/lots/{lot.code}/contract/record" in page
        signature = {"signature": file(pen_of(account).sign(data))}
        assert client.post(f"/lots/{lot.code}/contract/sign", signature).status_code == 302
        contract = contracting.contract_of(lot)
        assert contract is not None
        assert (contract.signed_at is not None) is concluded
    client.force_login(world.bidder(2))
    assert client.get(f"/lots/{lot.code}/contract/record").status_code == 404
    assert f"/lots/{lot.code}/contract/record" not in read(client, f"/lots/{lot.code}/award")
    assert Lot.objects.get().stage == "contracted"


def test_answers_come_back_with_facts_for_machines(world: World, client: Client) -> None:
    tender = published(world)
    client.force_login(world.bidder(1))
    found = send(client, f"/bidding/questions/{tender.code}-1/ask", text="一个问题？")
    as_(world, client, "agent")
    assert send(client, f"/questions/{found['question']}/answer", text="答复。") == {
        "question": found["question"], "number": 1,
    }  # fmt: skip
    assert questions.answered(tender).count() == 1


def test_working_pages_for_machines(world: World, client: Client) -> None:
    draft = drafted(world, lots=0)
    as_(world, client, "agent")
    check = ask(client, f"/tenders/{draft.code}/check")
    assert [reason["code"] for reason in check["blockers"]] == [
        "trading.no_lots", "trading.paper_missing", "trading.paper_missing", "trading.no_rehearsal",
    ]  # fmt: skip
    assert check["deadline"] == "2026-03-23T09:30:00+08:00"
    tender = published(world)
    lot = first_lot(tender)
    question = questions.ask(lot, "一个问题？", actor=world.bidder(1).actor)
    made = objections.object_to_papers(lot, "一个异议。", actor=world.bidder(1).actor)
    objection = {
        "objection": made.code,
        "lot": lot.code,
        "about": "papers",
        "text": "一个异议。",
        "answer": "",
        "party": None,
    }
    assert ask(client, f"/tenders/{tender.code}/questions") == {
        "questions": [{"question": question.code, "lot": lot.code, "text": "一个问题？"}],
        "objections": [{**objection, "until": "2026-03-06T00:00:00+08:00"}],
        "lawful_deadline": DEADLINE.isoformat(),
    }
    client.force_login(world.bidder(1))
    assert ask(client, f"/bidding/questions/{lot.code}") == {
        "questions": [{"question": question.code, "text": "一个问题？", "answer": ""}], "objections": [objection],
    }  # fmt: skip
    client.force_login(world.bidder(2))
    assert ask(client, f"/bidding/questions/{lot.code}") == {"questions": [], "objections": []}


def test_result_for_machines_names_what_stands_against_the_award(world: World, client: Client) -> None:
    lot = in_publicity(world)
    as_(world, client, "purchaser")
    found = ask(client, f"/lots/{lot.code}/award")
    assert ([reason["code"] for reason in found["blockers"]], found["objections"]) == (
        ["trading.publicity_not_over"], [],
    )  # fmt: skip
