"""Questions: nobody can read who asked; the answer is for everybody."""

from __future__ import annotations

import pytest
from django.test import Client

from ledger.errors import Absent, Refused
from ledger.events import read_entry
from ledger.models import EntryRow, Inner
from tests.trading.tenders import DEADLINE, first_lot, published
from tests.world import World
from trading import questions
from trading.handles import handle_for
from trading.models import Question
from trading.questions import digest_of

TEXT = "桥台基础的混凝土标号是多少？"
ANSWER = "C30，见图纸第 12 张。"


def test_ask_leaves_a_veiled_entry_and_a_row_under_a_handle(world: World) -> None:
    lot = first_lot(published(world))
    asker = world.bidder(1)
    question = questions.ask(lot, TEXT, actor=asker.actor)

    row = Question.objects.values().get()
    assert row == {
        "id": question.pk, "code": question.code, "lot_id": lot.pk, "handle": handle_for(lot, asker.actor),
        "text": TEXT, "asked_at": world.clock.now(), "number": None, "answer": "", "answered_at": None,
    }  # fmt: skip
    assert asker.party is not None
    known = {asker.code, asker.username, asker.party.code, asker.party.credit_code, asker.party.name, str(asker.pk)}
    assert not known & {str(value) for value in row.values()}
    inner = read_entry(bytes(Inner.objects.get(scope=lot.code).inner))
    assert (inner.tag, dict(inner.values)) == (
        "trading:question:asked", {"lot": lot.code, "question": question.code, "text": digest_of(TEXT)},
    )  # fmt: skip
    assert inner.stamp is not None
    assert inner.stamp.by is None
    last = EntryRow.objects.latest("pk")
    assert (last.tag, last.scope, last.at) == ("ledger:veiled:added", "", None)


def test_answers_are_numbered_and_public_without_the_asker(world: World) -> None:
    tender = published(world, lots=2)
    lots = list(tender.lots.all())
    asked = [questions.ask(lot, TEXT, actor=world.bidder(1).actor) for lot in lots]
    for question in reversed(asked):
        questions.answer(question, ANSWER, actor=world.agent.actor)
    found = list(questions.answered(tender).values_list("number", "lot__code", "text", "answer"))
    assert found == [(1, lots[1].code, TEXT, ANSWER), (2, lots[0].code, TEXT, ANSWER)]
    entry = read_entry(bytes(EntryRow.objects.filter(tag="trading:question:answered").latest("pk").leaf))
    assert dict(entry.values) == {
        "lot": lots[0].code, "question": asked[0].code, "number": 2, "digest": digest_of(TEXT, ANSWER),
    }  # fmt: skip


def test_own_questions_are_found_by_the_handle_alone(world: World) -> None:
    lot = first_lot(published(world))
    mine = questions.ask(lot, TEXT, actor=world.bidder(1).actor)
    assert list(questions.own(lot, world.bidder(1).actor)) == [mine]
    assert list(questions.own(lot, world.stranger.actor)) == []


def test_questions_too_late_too_short_or_by_others_are_refused(world: World) -> None:
    lot = first_lot(published(world))
    with pytest.raises(Refused) as refusal:
        questions.ask(lot, "？", actor=world.bidder(1).actor)
    assert refusal.value.codes == ["trading.text_length"]
    with pytest.raises(Refused) as refusal:
        questions.ask(lot, TEXT, actor=world.agent.actor)
    assert refusal.value.codes == ["rights.role"]
    world.clock.set(DEADLINE)
    with pytest.raises(Refused) as refusal:
        questions.ask(lot, TEXT, actor=world.bidder(1).actor)
    assert refusal.value.codes == ["trading.question_late"]
    assert Question.objects.count() == 0


def test_an_answer_is_given_once_and_by_its_own_side(world: World) -> None:
    lot = first_lot(published(world))
    question = questions.ask(lot, TEXT, actor=world.bidder(1).actor)
    for account in (world.stranger, world.regulator, world.account("other-agent", world.agent.actor.role)):
        with pytest.raises(Absent):
            questions.access_question(account.actor, question.code)
    questions.answer(question, ANSWER, actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        questions.answer(question, "D", actor=world.agent.actor)
    assert refusal.value.codes == ["trading.text_length", "trading.answered"]


def test_asking_over_http_answers_nothing_but_the_code(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    client.force_login(world.bidder(1))
    address, headers = f"/bidding/questions/{lot.code}/ask", {"accept": "application/json"}
    answer = client.post(address, {"text": TEXT}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"question": Question.objects.get().code})
