"""The twins of the format say the same of whatever is thrown at them: headers, lengths, policies.

Beside the fixed vectors (tests/vectors) these are changed and drawn at random from a fixed seed, and asked in one go.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bidding.envelope.padding import MAX_PACKAGE, padded
from bidding.envelope.policy import parse_policy
from bidding.envelope.receiving import check_header
from ledger.canon import encode
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILE_KEY, sealed_bid
from tests.bidding.envelope.mutations import mutated
from tests.bidding.envelope.second_opinions import b64, in_twin
from tests.bidding.envelope.vectors import ANCHORS, OTHERS, REFUSED

DEEP = os.environ.get("SUNLIGHT_DEEP") == "1"
SEED = 20260302
T = TypeVar("T")


def twin(verb: str, **question: object) -> list[Any]:
    """What the TypeScript twin says of each."""
    verdicts: list[Any] = in_twin(json.dumps({"verb": verb, **question}))["verdicts"]
    return verdicts


def python(items: Iterable[T], check: Callable[[T], object]) -> list[object]:
    """What the Python twin says of each, in the same words."""

    def verdict(item: T) -> object:
        try:
            return check(item)
        except Refused as refusal:
            return {"code": " ".join(refusal.codes)}

    return [verdict(item) for item in items]


def test_both_twins_judge_changed_headers_by_the_same_code() -> None:
    bid = sealed_bid(package=b"sixteen bytes ok")
    payload = bid.data[bid.received.length :]
    files = [one + payload for one in mutated(bid.received.header.write(), FILE_KEY, every=1 if DEEP else 5)]

    def length(data: bytes) -> int:
        return check_header(data, sheet=bid.sheet, submission=bid.submission, size=len(data)).length

    asked = {"sheet": b64(encode(bid.sheet)), "submission": bid.submission, "headers": [b64(data) for data in files]}
    assert differing(files, python(files, length), twin("headers", **asked)) == []


def test_both_twins_pad_every_length_alike_beyond_31_bits_too() -> None:
    chance = random.Random(SEED)
    lengths = [chance.randrange(1 << chance.randrange(1, 34)) for _ in range(20_000)]
    lengths += [chance.randrange(1 << 31, MAX_PACKAGE) for _ in range(20_000)]
    lengths += [(1 << power) + step for power in range(34) for step in (-1, 0, 1)]
    lengths += [MAX_PACKAGE - 1, MAX_PACKAGE, MAX_PACKAGE + 1, 1 << 40]
    assert differing(lengths, python(lengths, padded), twin("padding", lengths=lengths)) == []


def changed_policy(chance: random.Random) -> str:
    """A policy of the vectors with a few letters changed, dropped or put in."""
    text = chance.choice([*ANCHORS, *OTHERS] * 5 + [*REFUSED])
    for _turn in range(chance.randrange(3)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(["", *"0123456789(),abcrz \n"]) + text[at + chance.randrange(2) :]
    return text


def test_both_twins_read_the_same_policies_and_ask_for_the_same_people() -> None:
    chance = random.Random(SEED)
    texts = sorted({changed_policy(chance) for _ in range(20_000 if DEEP else 4000)})
    held = [[], [0], [0, 1], [1, 2], [0, 2, 3], [0, 1, 2, 3, 4]]

    def facts(text: str) -> object:
        policy = parse_policy(text)
        return {"labels": list(policy.labels), "met": [policy.satisfied(leaves) for leaves in held]}

    said = python(texts, facts)
    assert differing(texts, said, twin("policies", policies=texts, held=held)) == []
    assert sum("labels" in str(one) for one in said) > 50


def differing(items: Iterable[T], ours: list[object], theirs: list[Any]) -> list[tuple[T, object, Any]]:
    """What the twins do not agree on."""
    return [one for one in zip(items, ours, theirs, strict=True) if one[1] != one[2]]
