"""Check 45: whoever kept a receipt finds out what a platform that signs its log anew could otherwise deny."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ledger.bundle import unpack
from supervision.verifier.case import Case, Happened, read_case
from supervision.verifier.check import Result, run
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS
from tests.supervision.bundles import Bundles
from tests.supervision.forger import Forger, other

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
CLOSED, SEALED, DECIDED = "bidding:lot:closed", "bidding:envelope:sealed", "bidding:envelope:decided"
WITHDRAWN, REFUSED = "bidding:envelope:withdrawn", "bidding:envelope:refused"
CHECK = next(check for check in CHECKS if check.number == 45)


@pytest.fixture
def case(bundles: Bundles) -> Case:
    return read_case(unpack(bundles.public))


@pytest.fixture
def trust(bundles: Bundles) -> Trust:
    return replace(bundles.trust, receipts=bundles.receipts)


def codes(result: Result) -> set[str]:
    return {fault.code for fault in result.faults}


def one(case: Case, tag: str, **values: object) -> Happened:
    found = case.first(tag, **values)
    assert found is not None, tag
    return found


def counted(case: Case) -> Happened:
    """The first envelope of lot 1 that was counted."""
    number = one(case, CLOSED, lot=ONE)["envelopes"][0].number
    return one(case, SEALED, number=number)


def test_every_receipt_that_was_given_was_honoured(case: Case, trust: Trust) -> None:
    kinds = [json.loads(text)["kind"] for text in trust.receipts]
    expected = {"sealed": 12, "withdrawn": 1, "not_withdrawn": 1, "refused": 1}
    assert {kind: kinds.count(kind) for kind in kinds} == expected
    result = run(CHECK, case, trust)
    assert (result.faults, result.undone) == ((), "")


def test_without_receipts_it_asks_for_them(case: Case, bundles: Bundles) -> None:
    assert run(CHECK, case, bundles.trust).undone == "asks for your own receipts (--receipt)"


def test_before_the_opening_a_receipt_can_only_be_read(bundles: Bundles, trust: Trust) -> None:
    result = run(CHECK, read_case(unpack(bundles.early)), trust)
    assert (result.faults, bool(result.undone)) == ((), True)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        (SEALED, "dropped"), (REFUSED, "dropped"), (REFUSED, "codes"), (REFUSED, "number"), (REFUSED, "stamp"),
        (REFUSED, "submission"), (WITHDRAWN, "dropped"), (WITHDRAWN, "number"), (WITHDRAWN, "submission"),
    ],
)  # fmt: skip
def test_an_answer_denied_or_told_otherwise_is_lost(case: Case, trust: Trust, tag: str, name: str) -> None:
    forger, said = Forger(case, trust), counted(case) if tag == SEALED else one(case, tag)
    if name == "dropped":
        forger.drop(said)
    else:
        forger.say(said, **{name: other(said[name])})
    assert "verify.receipt_lost" in codes(run(CHECK, *forger.forged()))


def without(case: Case, said: Any) -> tuple[Any, ...]:
    return tuple(envelope for envelope in one(case, CLOSED, lot=ONE)["envelopes"] if envelope.number != said["number"])


def test_a_bid_left_out_of_the_count_is_found(case: Case, trust: Trust) -> None:
    forger = Forger(case, trust)
    left = without(case, counted(case))
    forger.say(one(case, CLOSED, lot=ONE), envelopes=left, count=len(left))
    assert codes(run(CHECK, *forger.forged())) == {"verify.receipt_uncounted"}


def test_a_bid_counted_with_another_digest_is_found(case: Case, trust: Trust) -> None:
    forger, envelopes = Forger(case, trust), one(case, CLOSED, lot=ONE)["envelopes"]
    forger.say(one(case, CLOSED, lot=ONE), envelopes=(replace(envelopes[0], digest=bytes(32)), *envelopes[1:]))
    assert codes(run(CHECK, *forger.forged())) == {"verify.receipt_uncounted"}


def test_a_bid_that_was_never_decided_is_found(case: Case, trust: Trust) -> None:
    forger = Forger(case, trust)
    forger.drop(one(case, DECIDED, lot=ONE, receipt=counted(case)["number"]))
    assert codes(run(CHECK, *forger.forged())) == {"verify.receipt_undecided"}


def test_a_withdrawn_bid_that_was_counted_is_found(case: Case, trust: Trust) -> None:
    forger, closed = Forger(case, trust), one(case, CLOSED, lot=ONE)
    more = replace(closed["envelopes"][0], number=one(case, WITHDRAWN, lot=ONE)["withdraws"])
    forger.say(closed, envelopes=(*closed["envelopes"], more))
    assert codes(run(CHECK, *forger.forged())) == {"verify.receipt_withdrawn"}


def test_a_receipt_of_another_tender_or_of_nobody_is_said_to_be_one(case: Case, trust: Trust) -> None:
    assert codes(run(CHECK, replace(case, lots=(ONE,), _worked_out={}), trust)) == {"verify.receipt_other"}
    good = json.loads(trust.receipts[0])
    changed = {**good, "signature": good["signature"][:-12] + "AAAAAAAA" + good["signature"][-4:]}
    for text, code in (
        ("", "bidding.receipt_form"), ("{}", "bidding.receipt_form"), ("[]", "bidding.receipt_form"),
        (json.dumps({**good, "leaf": "00"}), "bidding.receipt_says"), (json.dumps(changed), "signature.wrong"),
    ):  # fmt: skip
        assert codes(run(CHECK, case, replace(trust, receipts=(text,)))) == {code}
    both = replace(trust, receipts=("", *trust.receipts))
    assert len(run(CHECK, case, both).faults) == 1
