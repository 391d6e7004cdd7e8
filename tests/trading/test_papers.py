"""Papers: write-once bytes with a digest; public with the tender, not before."""

from __future__ import annotations

import hashlib

import pytest

from ledger.errors import Absent, Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.tenders import drafted, published
from tests.world import World
from trading import papers
from trading.models import Paper

DATA = "招标文件".encode()


def test_paper_is_stored_with_digest_and_size(world: World) -> None:
    tender = drafted(world)
    paper = papers.add_paper(tender, "tender_document", "招标文件.pdf", DATA, actor=world.agent.actor)
    digest = hashlib.sha256(DATA).hexdigest()
    assert (paper.object, paper.digest, paper.size) == (f"papers/{digest}", digest, len(DATA))
    with papers.open_paper(paper) as file:
        assert file.read() == DATA
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert (entry.tag, dict(entry.values)) == (
        "trading:paper:added",
        {"tender": tender.code, "paper": paper.code, "kind": "tender_document", "digest": bytes.fromhex(digest),
         "size": len(DATA)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "data", "code"),
    [
        ("poem", "a.pdf", DATA, "trading.paper_kind"),
        ("addendum", "a.pdf", DATA, "trading.paper_kind"),
        ("drawings", "../a.pdf", DATA, "trading.paper_name"),
        ("drawings", "", DATA, "trading.paper_name"),
        ("drawings", "a.pdf", b"", "trading.paper_empty"),
    ],
)
def test_papers_that_have_no_place_are_refused(world: World, kind: str, name: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        papers.add_paper(drafted(world), kind, name, data, actor=world.agent.actor)
    assert refusal.value.codes == [code]
    assert Paper.objects.count() == 0


def test_a_name_stands_once_and_a_draft_paper_goes_again(world: World) -> None:
    tender = drafted(world)
    paper = papers.add_paper(tender, "drawings", "a.pdf", DATA, actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        papers.add_paper(tender, "drawings", "a.pdf", DATA, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.paper_twice"]
    papers.drop_paper(tender, paper.code, actor=world.agent.actor)
    assert Paper.objects.count() == 0
    assert world.recorded()[-1] == "trading:paper:dropped"


def test_a_draft_paper_is_absent_for_strangers_and_a_published_one_is_for_all(world: World) -> None:
    tender = drafted(world)
    paper = papers.add_paper(tender, "drawings", "a.pdf", DATA, actor=world.agent.actor)
    assert papers.access_paper(world.regulator.actor, paper.code) == paper
    with pytest.raises(Absent):
        papers.access_paper(world.stranger.actor, paper.code)
    public = published(world).papers.all()[0]
    assert papers.access_paper(world.stranger.actor, public.code) == public


def test_published_papers_stay_and_later_ones_wait_for_an_addendum(world: World) -> None:
    tender = published(world)
    with pytest.raises(Refused) as refusal:
        papers.drop_paper(tender, tender.papers.all()[0].code, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.paper_public"]
    later = papers.add_paper(tender, "addendum", "补遗.pdf", DATA, actor=world.agent.actor)
    assert (list(papers.loose(tender)), papers.is_public(later)) == ([later], False)
    with pytest.raises(Absent):
        papers.access_paper(world.stranger.actor, later.code)
