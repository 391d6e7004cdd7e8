"""Policies: what may be written, who satisfies it, and what people read."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.policy import MAX_DEPTH, MAX_LEAVES, Policy, in_words, parse_policy
from ledger.errors import Refused

LABELS = [letter + digit for letter in "acrdefg" for digit in ("", "1", "2")]


@st.composite
def texts(draw: st.DrawFn, depth: int = 1) -> str:
    """Well-formed text, which may still break a rule."""
    count = draw(st.integers(2, 4))
    inner = texts(depth=depth + 1) if depth < MAX_DEPTH else st.sampled_from(LABELS)
    children = [draw(st.one_of(st.sampled_from(LABELS), inner)) for _ in range(count)]
    return f"{draw(st.integers(1, count))}({','.join(children)})"


def taken(text: str) -> Policy | None:
    try:
        return parse_policy(text)
    except Refused:
        return None


@given(texts())
def test_smallest_sets_satisfy_and_lose_nobody(text: str) -> None:
    policy = taken(text)
    if policy is None:
        return
    assert len(policy.leaves) <= MAX_LEAVES
    for chosen in policy.smallest:
        assert policy.satisfied(chosen)
        assert not any(policy.satisfied(chosen - {one}) for one in chosen)
        assert len({policy.leaves[index].body for index in chosen} - {"b"}) >= 2


@given(texts())
def test_smallest_sets_are_all_there_are(text: str) -> None:
    policy = taken(text)
    if policy is None or len(policy.leaves) > 8:
        return
    everybody = [leaf.index for leaf in policy.leaves]
    sets = [frozenset(some) for count in range(len(everybody) + 1) for some in combinations(everybody, count)]
    satisfying = [some for some in sets if policy.satisfied(some)]
    minimal = {some for some in satisfying if not any(other < some for other in satisfying)}
    assert set(policy.smallest) == minimal
    for some in satisfying:
        assert policy.choose(some) <= some
        assert policy.satisfied(policy.choose(some))


def test_the_lowest_leaves_are_chosen() -> None:
    policy = parse_policy("2(1(a1,a2),1(c1,c2),r)")
    assert policy.choose(range(5)) == {0, 2}
    assert policy.choose([1, 3, 4]) == {1, 3}
    assert policy.choose([3, 4]) == {3, 4}


def test_too_few_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        parse_policy("2(1(a1,a2),1(c1,c2),r)").choose([0, 1])
    assert refusal.value.codes == ["bidding.too_few"]


def test_the_default_in_words() -> None:
    assert in_words(parse_policy("2(b,2(a,c,r))")) == (
        "all of the bidder, (any 2 of the agent, the centre, the regulator) can open the bids together."
    )


def test_words_go_through_the_translation() -> None:
    chinese = {
        "%(who)s can open the bids together.": "%(who)s合在一起才能开标。",
        "any %(count)s of %(parts)s": "%(parts)s中任意%(count)s方",
        "%(body)s (person %(number)s)": "%(body)s（第%(number)s人）",
        "(%(words)s)": "（%(words)s）",
        "the agent": "代理机构",
        "body %(letter)s": "机构%(letter)s",
        "the regulator": "监督部门",
        ", ": "、",
    }
    words = in_words(parse_policy("2(1(a1,a2),x,r)"), chinese.__getitem__)
    assert words == "（代理机构（第1人）、代理机构（第2人）中任意1方）、机构x、监督部门中任意2方合在一起才能开标。"


def test_nodes_are_numbered_in_pre_order() -> None:
    root = parse_policy("2(1(a,2(a1,a2)),c,2(r1,r2,r3))").root
    numbers = [root.number]
    numbers += [child.number for child in root.children if hasattr(child, "number")]
    assert (numbers, [leaf.index for leaf in parse_policy("2(1(a,2(a1,a2)),c,2(r1,r2))").leaves]) == (
        [0, 1, 3],
        list(range(6)),
    )
