"""A lying platform signs its log anew after every lie; what the entries mean gives it away.

`UNSEEN` is all that it could say otherwise without contradicting itself in a bundle, each with the reason. Not in it
are times, which are the platform's word within an hour of what stands around them (check 11), and the files of bids
that were replaced or withdrawn, which nobody may open.
"""

from __future__ import annotations

import os

import pytest

from ledger.bundle import unpack
from ledger.canon import Malformed
from supervision.verifier.case import Case, Happened, read_case
from supervision.verifier.check import run
from supervision.verifier.envelopes import CLOSED, SEALED
from supervision.verifier.log import TRAIL
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS
from tests.supervision.bundles import Bundles
from tests.supervision.forger import Forger, other

DROPPED = "dropped"
DAILY = 10  # every tenth lie on an ordinary day; SUNLIGHT_DEEP=1 tells them all
UNSEEN: dict[str, set[str]] = {
    # Nothing follows from these but what their holder was told: who holds the signed answer can show it (check 45).
    "bidding:envelope:refused": {DROPPED, "codes", "number", "stamp", "submission"},
    "bidding:envelope:withdrawn": {"number", "submission"},
    "bidding:withdrawal:refused": {DROPPED, "codes", "number", "stamp", "submission", "withdraws"},
    # Choosing the default says no more than not choosing: the sheet is the same.
    "bidding:policy:chosen": {DROPPED},
    # Who holds that archive sees at once that it is another one; a bundle cannot hold another bundle.
    "supervision:archive:made": {"public", "public_size", "regulators", "regulators_size"},
    # Codes that nothing else repeats, and digests of texts that go to their reader and not into a bundle.
    "experts:invitation:answered": {"reason"},
    "trading:paper:added": {"paper"},
    "trading:objection:made": {"text"},
    "trading:objection:answered": {"text"},
    # The house's own notes about what the entries show anyway: whoever checks a bundle asks the entries.
    "supervision:alarm:raised": {DROPPED, "alarm", "rule", "facts"},
    # A release that has not come yet is lawful until the law's days are over; then check 35 finds it.
    "guarantees:guarantee:released": {DROPPED},
    # Bodies, accounts and certificates are enrolled by an operator, whose own account is no tender's business.
    "trading:account:opened": {"by"},
    "trading:party:registered": {"by"},
    "trading:certificate:issued": {"by"},
}


def failing(case: Case, trust: Trust) -> list[int]:
    return [check.number for check in CHECKS if run(check, case, trust).faults]


@pytest.fixture
def case(bundles: Bundles) -> Case:
    return read_case(unpack(bundles.regulators))


def lies(case: Case) -> list[tuple[Happened, str]]:
    """One entry of every kind, and each of its fields."""
    found = []
    counted = {one.number for closing in case.all(CLOSED) for one in closing["envelopes"]}
    for tag, ones in sorted(case.by_tag.items()):
        one = next((one for one in ones if tag == SEALED and one["number"] in counted), ones[0])
        names = [name for name, value in one.entry.values.items() if value not in {None, ()}]
        if tag != TRAIL:
            found += [(one, name) for name in ([*names, "by"] if one.by else names)] + [(one, DROPPED)]
    return found


def is_seen(case: Case, trust: Trust, one: Happened, name: str) -> bool:
    forger = Forger(case, trust)
    if name == DROPPED:
        forger.drop(one)
    else:
        forger.say(one, **{name: other(one.by if name == "by" else one[name])})
    lied, believed = forger.forged()
    return any(run(check, lied, believed).faults for check in CHECKS)


def test_the_forger_alone_changes_nothing_that_a_check_finds(case: Case, bundles: Bundles) -> None:
    lied, believed = Forger(case, bundles.trust).forged()
    assert failing(lied, believed) == []
    assert failing(lied, bundles.trust) == [2, 3]


def test_no_lie_goes_unseen_but_those_that_are_named(case: Case, bundles: Bundles) -> None:
    told, step = lies(case), 1 if os.environ.get("SUNLIGHT_DEEP") == "1" else DAILY
    unseen: dict[str, set[str]] = {}
    for one, name in told[::step]:
        try:
            if not is_seen(case, bundles.trust, one, name):
                unseen.setdefault(one.tag, set()).add(name)
        except Malformed:
            continue  # this cannot even be written
    assert len(told) > 300
    assert {
        tag: names - UNSEEN.get(tag, set()) for tag, names in unseen.items() if names - UNSEEN.get(tag, set())
    } == {}


def test_what_is_named_as_unseen_really_is(case: Case, bundles: Bundles) -> None:
    """A check that learns to see one of these takes it off the list."""
    first = {one.tag: one for one, _name in reversed(lies(case))}
    seen = [
        (tag, name)
        for tag, names in UNSEEN.items()
        for name in sorted(names)
        if is_seen(case, bundles.trust, first[tag], name)
    ]
    assert seen == []
