"""Who may open, in words that a bidder reads before sealing: in Chinese and English, for nested policies too."""

from __future__ import annotations

import pytest
from django.utils import translation

from bidding.custody.facts import policy_words
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene

WORDS = [
    (
        "2(a,c,r)",
        "any 2 of the agent, the centre, the regulator can open the bids together.",
        "代理机构、交易中心、监督部门中的任意 2 方合在一起才能打开投标文件。",
    ),
    (
        "2(b,2(a,c,r))",
        "all of the bidder, (any 2 of the agent, the centre, the regulator) can open the bids together.",
        "投标人、（代理机构、交易中心、监督部门中的任意 2 方）全部合在一起才能打开投标文件。",
    ),
    (
        "2(1(a1,a2),1(c1,c2),r)",
        ("any 2 of (any 1 of the agent (person 1), the agent (person 2)), (any 1 of the centre (person 1), the centre "
        "(person 2)), the regulator can open the bids together."),
        ("（代理机构（第 1 人）、代理机构（第 2 人）中的任意 1 方）、（交易中心（第 1 人）、"
        "交易中心（第 2 人）中的任意 1 方）、监督部门中的任意 2 方合在一起才能打开投标文件。"),
    ),
]


@pytest.mark.parametrize(("policy", "english", "chinese"), WORDS)
def test_a_policy_is_a_sentence_in_both_languages(policy: str, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert policy_words(policy) == english
    with translation.override("zh-hans"):
        assert policy_words(policy) == chinese


@pytest.mark.parametrize(("policy", "_english", "chinese"), WORDS)
def test_bidders_read_it_on_the_desk_and_everybody_on_the_sheet(
    scene: Scene, policy: str, _english: str, chinese: str
) -> None:
    lot = Officers(scene, policy).notice()[0]
    desk = scene.client(scene.world.bidder(1)).get(f"/bidding/lots/{lot.code}/")
    sheet = scene.client(scene.world.stranger).get(f"/bidding/lots/{lot.code}/sheet")
    for page in (desk, sheet):
        assert page.status_code == 200
        assert chinese in page.content.decode()
