"""Desks: what waits for each role, with its time and clause, and nothing of what is others' or sealed."""

from __future__ import annotations

from datetime import datetime

from django.test import Client

from ledger.actor import Actor
from tests.trading.keys import pen_of
from tests.trading.pages import ask, queries, read
from tests.trading.results import awarded, in_publicity
from tests.trading.tenders import drafted, first_lot, published
from tests.world import World
from trading import contracting, objections, questions
from trading.desks import Item, waiting
from trading.models import Account

DUE = datetime.fromisoformat("2026-03-06T00:00:00+08:00")


def found(world: World, account: Account) -> list[tuple[str, str]]:
    items = waiting(account.actor, world.clock.now())
    return [(item.href, item.title) for item in items if item.href != "/certificates" and "/bidding/" not in item.href]


def test_the_side_sees_drafts_questions_and_objections_nearest_first(world: World) -> None:
    draft, tender = drafted(world), published(world)
    lot = first_lot(tender)
    questions.ask(lot, "一个问题", actor=world.bidder(1).actor)
    questions.ask(lot, "又一个问题", actor=world.bidder(2).actor)
    objections.object_to_papers(lot, "异议", actor=world.bidder(1).actor)
    own = [(item.href, item.until) for item in waiting(world.agent.actor, world.clock.now())]
    assert own[:3] == [
        (f"/tenders/{tender.code}/questions", DUE), (f"/tenders/{tender.code}/questions", lot.deadline),
        (f"/tenders/{draft.code}/draft", None),
    ]  # fmt: skip
    for account in (world.stranger, world.bidder(1), world.guarantor):
        assert found(world, account) == []


def test_award_waits_with_its_reasons_and_then_without(world: World) -> None:
    lot = in_publicity(world)
    [item] = [one for one in waiting(world.purchaser.actor, world.clock.now()) if one.href == f"/lots/{lot.code}/award"]
    assert ([reason.code for reason in item.reasons], item.until) == (["trading.publicity_not_over"], DUE)
    world.clock.set(DUE)
    [item] = [one for one in waiting(world.purchaser.actor, DUE) if one.href == f"/lots/{lot.code}/award"]
    assert (item.reasons, item.until) == ((), None)


def test_bidders_learn_the_result_on_their_own_desk(world: World) -> None:
    lot = in_publicity(world)
    assert [href for href, _title in found(world, world.bidder(4))] == [f"/lots/{lot.code}"]
    assert found(world, world.stranger) == []
    lot = awarded(world)
    won = [title for href, title in found(world, world.bidder(1)) if href == f"/lots/{lot.code}"]
    assert won == [f"贵单位中标：{lot.title}"]
    lost = [title for href, title in found(world, world.bidder(4)) if href == f"/lots/{lot.code}"]
    assert lost == [f"该标段由其他单位中标：{lot.title}"]


def test_the_contract_waits_for_one_side_after_the_other(world: World) -> None:
    lot = awarded(world)
    path = f"/lots/{lot.code}/award"

    def waits(actor: Actor) -> bool:
        return any(item.href == path for item in waiting(actor, world.clock.now()))

    winner, purchaser, agent = world.bidder(1), world.purchaser, world.agent
    assert [waits(one.actor) for one in (winner, purchaser, agent)] == [False, True, True]
    contract = contracting.draw(lot, contracting.held_award(lot).amount, actor=agent.actor)
    assert [waits(one.actor) for one in (winner, purchaser, agent)] == [True, True, False]
    contracting.sign(lot, pen_of(winner).sign(bytes(contract.record)), actor=winner.actor)
    assert [waits(one.actor) for one in (winner, purchaser, agent)] == [False, True, False]


def test_who_has_no_certificate_is_told(world: World) -> None:
    def told(account: Account) -> bool:
        return any(item.href == "/certificates" for item in waiting(account.actor, world.clock.now()))

    assert (told(world.bidder(1)), told(world.operator)) == (True, False)
    pen_of(world.bidder(1))
    assert told(world.bidder(1)) is False


def test_desk_page_for_every_role(world: World, client: Client) -> None:
    drafted(world)
    for account, words in [
        (world.agent, "招标代理机构工作台"), (world.purchaser, "招标人工作台"), (world.bidder(1), "投标人工作台"),
        (world.centre, "公共资源交易中心工作台"), (world.regulator, "监管部门工作台"),
        (world.operator, "平台运维工作台"), (world.guarantor, "担保机构工作台"), (world.expert(1), "评标专家工作台"),
    ]:  # fmt: skip
        client.force_login(account)
        assert words in read(client, "/desk")
        assert ask(client, "/desk")["role"] == account.role


def test_desk_asks_for_sign_in(world: World, client: Client) -> None:
    assert client.get("/desk")["Location"] == "/accounts/login/?next=/desk"


def test_desk_takes_as_many_queries_for_three_questions_as_for_one(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    client.force_login(world.agent)
    questions.ask(lot, "一个问题", actor=world.bidder(1).actor)
    one = queries(client, "/desk")
    for _ in range(2):
        questions.ask(lot, "一个问题", actor=world.bidder(1).actor)
    assert queries(client, "/desk") == one


def test_an_item_for_machines(world: World) -> None:
    item = Item("t", "/x", "a", DUE, "l", "c")
    assert item.facts == {
        "title": "t", "href": "/x", "about": "a", "until": DUE.isoformat(), "clause": "c", "blockers": [],
    }  # fmt: skip
