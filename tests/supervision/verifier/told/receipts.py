"""Check 45: what somebody hears who kept the receipts of a tender."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from supervision.verifier.case import LIFTED, Case, Happened
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.saved import saved
from tests.supervision.verifier.told.envelopes import listed

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
CLOSED, SEALED, DECIDED = "bidding:lot:closed", "bidding:envelope:sealed", "bidding:envelope:decided"
WITHDRAWN, REFUSED, KEPT = "bidding:envelope:withdrawn", "bidding:envelope:refused", "bidding:withdrawal:refused"
READ = "bidding:prices:read"
HELD = saved("whole").receipts


def held(lie: Lie) -> Lie:
    """The lie, told to somebody who kept every receipt."""

    def told(forger: Forger) -> None:
        forger.trust = replace(forger.trust, receipts=HELD)
        lie(forger)

    return told


def both(*lies: Lie) -> Lie:
    """Several lies at once."""

    def lie(forger: Forger) -> None:
        for one in lies:
            one(forger)

    return lie


def counted(case: Case, at: int = 0) -> Happened:
    """An envelope of lot 1 that was counted."""
    number = case.all(CLOSED, lot=ONE)[0]["envelopes"][at].number
    return case.one(SEALED, number=number)


def drops(find: Callable[[Case], Happened]) -> Lie:
    return held(lambda forger: forger.drop(find(forger.case)))


def says(find: Callable[[Case], Happened], name: str) -> Lie:
    """Let an answer say something else."""

    def lie(forger: Forger) -> None:
        one = find(forger.case)
        forger.say(one, **{name: other(one[name])})

    return held(lie)


def closing(to: Callable[[Case, Any], Any]) -> Lie:
    """Let other envelopes be counted."""

    def lie(forger: Forger) -> None:
        closed = forger.case.one(CLOSED, lot=ONE)
        envelopes = to(forger.case, closed["envelopes"])
        forger.say(closed, envelopes=envelopes, count=len(envelopes))

    return held(lie)


def withdrawn_too(case: Case, envelopes: Any) -> Any:
    """The counted envelopes, and the one that was withdrawn."""
    return (*envelopes, replace(envelopes[0], number=case.one(WITHDRAWN, lot=ONE)["withdraws"]))


def of_lot(tag: str) -> Callable[[Case], Happened]:
    return lambda case: case.all(tag, lot=ONE)[0]


def undecided(case: Case) -> Happened:
    """The decision about an envelope."""
    return case.one(DECIDED, lot=ONE, receipt=counted(case)["number"])


def counted_elsewhere(forger: Forger) -> None:
    """The envelope that was withdrawn from lot 1 stands in the count of lot 3, where nobody asks for it."""
    closed = forger.case.one(CLOSED, lot=THREE)
    more = replace(closed["envelopes"][0], number=forger.case.one(WITHDRAWN, lot=ONE)["withdraws"])
    forger.say(closed, envelopes=(*closed["envelopes"], more))


def decided_elsewhere(forger: Forger) -> None:
    """The decision about an envelope of lot 1 is said to be about lot 3."""
    forger.say(undecided(forger.case), lot=THREE)


def lifted_otherwise(forger: Forger) -> None:
    """The leaf of a refusal is in the log, and something else was lifted from it."""
    one = forger.case.one(REFUSED, lot=ONE)
    lift = forger.case.one(LIFTED, index=one.index)
    inner = written(changed(one.entry, number="x"))
    forger.leaves[lift.index] = written(changed(lift.entry, inner=inner))


def lifted_elsewhere(forger: Forger) -> None:
    """What a refusal says was lifted from the leaf of another one."""
    one, two = forger.case.one(REFUSED, lot=ONE), forger.case.one(KEPT, lot=ONE)
    lift = forger.case.one(LIFTED, index=one.index)
    forger.leaves[lift.index] = written(changed(lift.entry, index=two.index))


def receipts(*texts: str) -> Lie:
    """Somebody holds these."""

    def lie(forger: Forger) -> None:
        forger.trust = replace(forger.trust, receipts=texts)

    return lie


def other_lots(forger: Forger) -> None:
    """A bundle that is not about the lot of the receipts."""
    forger.trust = replace(forger.trust, receipts=HELD)
    forger.case = replace(forger.case, lots=(f"{forger.case.tender}-3",), _worked_out={})


def kind(of: str) -> str:
    return next(text for text in HELD if json.loads(text)["kind"] == of)


GOOD = json.loads(HELD[0])
CHANGED = json.dumps({**GOOD, "signature": GOOD["signature"][:-12] + "AAAAAAAA" + GOOD["signature"][-4:]})
LIES: list[tuple[int, str, str, Lie]] = [
    (45, "whole", f"{what}, with receipts", lie)
    for what, lie in (
        ("nothing wrong", held(lambda _forger: None)),
        ("an envelope denied", drops(counted)),
        ("a replaced envelope denied", drops(lambda case: case.all(SEALED, lot=ONE)[0])),
        ("a withdrawal denied", drops(of_lot(WITHDRAWN))),
        ("a refusal denied", drops(of_lot(REFUSED))),
        ("a refused withdrawal denied", drops(of_lot(KEPT))),
        *((f"a refusal with another {name}", says(of_lot(REFUSED), name)) for name in ("codes", "number", "stamp")),
        *((f"a withdrawal with another {name}", says(of_lot(WITHDRAWN), name)) for name in ("number", "submission")),
        *((f"an envelope with another {name}", says(counted, name)) for name in ("number", "digest", "stamp")),
        ("a bid left out of the count", closing(lambda _case, all_: all_[1:])),
        ("a bid counted with another digest", closing(
            lambda _case, all_: (replace(all_[0], digest=bytes(32)), *all_[1:]))),
        ("a withdrawn bid counted", closing(withdrawn_too)),
        ("a bid that was never decided", drops(undecided)),
        ("prices never read", drops(of_lot(READ))),
        ("prices never read and a bid left out", both(
            drops(of_lot(READ)), closing(lambda _case, all_: all_[1:]))),
        ("cut before the decisions", held(lambda forger: forger.cut(forger.case.all(CLOSED)[-1].index))),
        ("other lots", other_lots),
        ("counted in a list", both(held(lambda _forger: None), listed())),
        ("counted in a list that is not here", both(held(lambda _forger: None), listed(is_kept=False))),
        ("a withdrawn bid counted in another lot", held(counted_elsewhere)),
        ("a bid decided in another lot", held(decided_elsewhere)),
        ("something else lifted from the leaf of a refusal", held(lifted_otherwise)),
        ("a refusal lifted from the leaf of another", held(lifted_elsewhere)),
        ("no receipt of the form", receipts("", "{}", "[]")),
        ("a receipt of another leaf", receipts(json.dumps({**GOOD, "leaf": "00"}))),
        ("a receipt under another signature", receipts(CHANGED)),
        ("one good receipt of two", receipts("", HELD[0])),
        *((f"a {of} receipt alone", receipts(kind(of))) for of in ("sealed", "withdrawn", "not_withdrawn", "refused")),
    )
]  # fmt: skip
