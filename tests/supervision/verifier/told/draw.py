"""Checks 23 and 24: more than one draw, steps in one place, members who lapsed or left and were followed.

In every saved tender everybody in the pool has each speciality and an employer of his own: who comes next is the next
in the order of the draw. Of lot 1 the first five of the order were asked, the last of them declined, the sixth came;
they took their seats as 1, 2, 5, 3, 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from experts.lottery import Pool, Request
from ledger.canon import Commitment, encode
from ledger.events import Entry, Stamp
from supervision.verifier.case import PUBLIC, Case, Happened
from supervision.verifier.draw import (
    ANSWERED,
    COMMITTED,
    COMPLETED,
    DRAWN,
    EXHAUSTED,
    FROZEN,
    INVITED,
    LAPSED,
    REQUESTED,
    REVEALED,
    VACATED,
    VOIDED,
)
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.places import beside

NEVER = Commitment(bytes(32))
OPENED = "bidding:lot:opened"
Step = tuple[str, int, int | str] | tuple[str, tuple[int, ...], int | str]


def draw_of(case: Case, lot: int = 0) -> str:
    """The draw for lot 1, or for lot 3."""
    return str(case.all(REQUESTED)[lot]["draw"])


def entry(like: Happened, tag: str, number: int, by: str, **values: object) -> bytes:
    """An entry of another kind at the time of that one."""
    return written(Entry(tag, Stamp(bytes([number] * 16), like.at, by), values))


def requested_again(*voids: bool) -> Lie:
    """For lot 1 experts were asked for again, so many times; which of these draws are void."""

    def lie(forger: Forger) -> None:
        one, added = forger.case.all(REQUESTED)[0], []
        request = forger.case.record(Request, one["digest"], "")
        for number, is_void in enumerate(voids, start=1):
            another = replace(request, id=bytes([number] * 16))
            digest, code = forger.put(encode(another)), another.id.hex()
            added.append(written(changed(one.entry, id=another.id, draw=code, digest=digest)))
            if is_void:
                added.append(entry(one, VOIDED, 50 + number, "somebody", draw=code, reason="because"))
        forger.append(*added)

    return lie


def after(*steps: Step) -> Lie:
    """What happened in the draw of lot 1 after its panel was complete. Who is named, and who acted, by the place in
    the order; who acted also by name.
    """

    def lie(forger: Forger) -> None:
        one = forger.case.all(COMPLETED)[0]
        order = forger.case.all(DRAWN)[0]["order"]
        added = []
        for number, (tag, who, by) in enumerate(steps, start=1):
            about: dict[str, Any] = {"draw": one["draw"]}
            if isinstance(who, tuple):
                about |= {"seats": tuple(order[at] for at in who), "record": one["record"]}
            elif tag == EXHAUSTED:
                about |= {"speciality": ("A08", "B01")[who]}
            elif tag == VACATED:
                about |= {"seat": order[who], "reason": NEVER}
            elif tag == INVITED:
                about |= {"candidate": order[who]}
            elif tag == LAPSED:
                about |= {"candidate": order[who], "reason": NEVER}
            else:
                about |= {"candidate": order[who], "reason": NEVER, "accepted": tag == ACCEPTED}
            name = by if isinstance(by, str) else order[by]
            added.append(entry(one, ANSWERED if tag in {ACCEPTED, DECLINED} else tag, number, name, **about))
        forger.append(*added)

    return lie


ACCEPTED, DECLINED = "accepted", "declined"
FOLLOWED: tuple[Step, ...] = (
    (VACATED, 1, "x"), (INVITED, 6, "x"), (ACCEPTED, 6, 6), (COMPLETED, (6, 2, 5, 3, 0), 6),
)  # fmt: skip
TO_THE_END: tuple[Step, ...] = (
    (VACATED, 1, "x"), (INVITED, 6, "x"),
    *(step for at in range(6, 11) for step in ((DECLINED, at, at), (INVITED, at + 1, at))),
    (DECLINED, 11, 11),
)  # fmt: skip


def instead(at: int, *steps: Step) -> Lie:
    """What followed, with other steps for one of them."""
    return after(*FOLLOWED[:at], *steps, *FOLLOWED[at + 1 :])


def void(lie: Lie, lot: int = 0) -> Lie:
    """The draw of lot 1, or of lot 3, was declared void besides."""

    def told(forger: Forger) -> None:
        lie(forger)
        one = forger.case.all(REQUESTED)[0]
        forger.append(entry(one, VOIDED, 60, "somebody", draw=draw_of(forger.case, lot), reason="because"))

    return told


def unasked(forger: Forger) -> None:
    """Nobody was asked again when the last of the first five declined, and the panel was never complete."""
    last = forger.case.all(INVITED, draw=draw_of(forger.case))[-1]["candidate"]
    for tag in (INVITED, ANSWERED):
        steps = forger.case.all(tag, draw=draw_of(forger.case))
        forger.drop(steps[-1] if tag == INVITED else next(one for one in steps if one["candidate"] == last))
    forger.drop(forger.case.all(COMPLETED)[0])


def pool(change: Callable[[Pool], Pool]) -> Lie:
    """The pool of lot 1 lies under a name that is not that of its bytes."""

    def lie(forger: Forger) -> None:
        root = forger.case.all(FROZEN)[0]["root"]
        forger.objects[root.hex()] = encode(change(forger.case.record(Pool, root, "")))

    return lie


def unfit(frozen: Pool) -> Pool:
    """One of the pool may not come."""
    return replace(frozen, lines=(replace(frozen.lines[0], unfit=("busy",)), *frozen.lines[1:]))


def told_otherwise(frozen: Pool) -> Pool:
    """One of the pool has another employer."""
    return replace(frozen, lines=(replace(frozen.lines[0], employer=bytes(32)), *frozen.lines[1:]))


def counted_unfit(forger: Forger) -> None:
    """One of the pool may not come, and the entry counts the others."""
    one = forger.case.all(FROZEN)[0]
    frozen = unfit(forger.case.record(Pool, one["root"], ""))
    forger.say(one, root=forger.put(encode(frozen)), candidates=one["candidates"] - 1)


def twice(tag: str) -> Lie:
    """The first entry of a kind about a draw comes once more in the next place, the others of the draw after it."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(tag)[0]
        for at in range(forger.case.all(DRAWN)[0].index, one.index, -1):
            forger.leaves[at + 1] = forger.leaves[at]
        forger.leaves[one.index + 1] = written(changed(one.entry, id=other(one.id)))

    return lie


def other_record(change: Callable[[dict[str, Any]], None]) -> Lie:
    """The drawing record of lot 1 says something else."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(COMPLETED)[0]
        found = json.loads(forger.objects[one["record"].hex()])
        change(found)
        forger.say(one, record=forger.put(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True).encode()))

    return lie


def other_reserves(found: dict[str, Any]) -> None:
    """Others stand by."""
    found["result"]["reserves"] = found["result"]["reserves"][::-1]


def nothing_else(_found: dict[str, Any]) -> None:
    """The same, in other words: a line feed less."""


def cut_draw(*kept: str) -> Lie:
    """Of the draw of lot 3 only the request, and these kinds, are there."""

    def lie(forger: Forger) -> None:
        for tag in (COMMITTED, FROZEN, REVEALED, DRAWN, INVITED, ANSWERED, COMPLETED):
            for one in forger.case.all(tag, draw=draw_of(forger.case, 1)) if tag not in kept else ():
                forger.drop(one)

    return lie


def in_public(lie: Lie) -> Lie:
    """The same, in a bundle that is everybody's."""

    def told(forger: Forger) -> None:
        lie(forger)
        forger.case = replace(forger.case, kind=PUBLIC, _worked_out={})

    return told


def incomplete(forger: Forger) -> None:
    """The panel of lot 1 was never complete."""
    forger.drop(forger.case.all(COMPLETED)[0])


LIES: list[tuple[int, str, str, Lie]] = [
    *((23, "whole", what, lie) for what, lie in (
        ("two draws", requested_again(False)),
        ("two draws, one of them void", requested_again(True)),
        ("three draws", requested_again(False, False)),
        ("three draws, one of them void", requested_again(True, False)),
        ("two draws, the first of them void", void(requested_again(False))),
        ("experts asked for where the opening ended", beside(OPENED, REQUESTED)),
        ("a pool that is not the one of its name", pool(told_otherwise)),
        ("a pool in which one is unfit", pool(unfit)),
        ("a pool in which one is unfit, and so counted", counted_unfit),
        ("a pool frozen twice", twice(FROZEN)),
        ("an order drawn twice", twice(DRAWN)),
        ("a drawing record with other reserves", other_record(other_reserves)),
        ("a drawing record with other reserves, for everybody", in_public(other_record(other_reserves))),
        ("a drawing record written otherwise", other_record(nothing_else)),
    )),
    *((number, "whole", what, lie) for number in (23, 24) for what, lie in (
        ("a draw that was only asked for", cut_draw()),
        ("a draw that stopped at the pool", cut_draw(COMMITTED, FROZEN)),
        ("a draw that stopped at the pool, before every seed was committed to", cut_draw(FROZEN)),
        ("a panel that is not complete", incomplete),
        ("a panel that is not complete, for everybody", in_public(incomplete)),
        ("a panel that is complete, for everybody", in_public(lambda _forger: None)),
        ("a void draw, for everybody", in_public(void(incomplete))),
        ("a void draw of another lot, for everybody", in_public(void(incomplete, 1))),
    )),
    *((24, "whole", what, lie) for what, lie in (
        ("a draw that was not drawn, and people asked", cut_draw(INVITED)),
        ("a draw that was not drawn, and an answer", cut_draw(ANSWERED)),
        ("a draw that was not drawn, and a panel", cut_draw(COMPLETED)),
        ("somebody not asked", unasked),
        ("somebody not asked, in a draw that is void", void(unasked)),
        ("somebody not asked, and another draw void", void(unasked, 1)),
        ("a member who left and was followed", after(*FOLLOWED)),
        ("a member who lapsed and was followed", instead(0, (LAPSED, 1, "x"))),
        ("a member who left for himself", after((VACATED, 1, 1), (INVITED, 6, 1), *FOLLOWED[2:])),
        ("a member who left and was not followed", after(*FOLLOWED[:1])),
        ("a follower who was not asked", instead(1)),
        ("a follower out of turn", instead(1, (INVITED, 7, "x"))),
        ("a follower asked by somebody else", instead(1, (INVITED, 6, "y"))),
        ("a follower who never answered", instead(2)),
        ("a follower for whom somebody else accepted", instead(2, (ACCEPTED, 6, "x"))),
        ("a follower for whom somebody else declined", instead(2, (DECLINED, 6, "x"))),
        ("a panel completed by somebody else", instead(3, (COMPLETED, (6, 2, 5, 3, 0), "x"))),
        ("a panel completed in another order", instead(3, (COMPLETED, (2, 6, 5, 3, 0), 6))),
        ("a panel completed with who left", instead(3, (COMPLETED, (1, 2, 5, 3, 0), 6))),
        ("a panel completed without one", after(*FOLLOWED[:1], (COMPLETED, (2, 5, 3, 0), "x"), *FOLLOWED[1:])),
        ("a follower who declined and was followed", after(
            *FOLLOWED[:2], (DECLINED, 6, 6), (INVITED, 7, 6), (ACCEPTED, 7, 7), (COMPLETED, (7, 2, 5, 3, 0), 7))),
        ("two members who left and were followed", after(
            *FOLLOWED, (LAPSED, 2, "x"), (INVITED, 7, "x"), (ACCEPTED, 7, 7), (COMPLETED, (6, 7, 5, 3, 0), 7))),
        ("two members who left at once", after(
            (VACATED, 5, "x"), (INVITED, 6, "x"), (VACATED, 2, "x"), (INVITED, 7, "x"), (ACCEPTED, 7, 7),
            (ACCEPTED, 6, 6), (COMPLETED, (1, 7, 6, 3, 0), 6))),
        ("a member who left twice", after(*FOLLOWED, (VACATED, 1, "x"))),
        ("a member who left and was asked again", instead(1, (INVITED, 1, "x"))),
        ("a member who accepted twice", after((ACCEPTED, 2, 2))),
        ("somebody who was never asked accepted", after((ACCEPTED, 8, 8))),
        ("one more asked than there are seats", after((INVITED, 6, "3rykxcc8sqny5uqp"))),
        ("nobody is left", after(*TO_THE_END, (EXHAUSTED, 0, 11))),
        ("nobody is left, and nobody said so", after(*TO_THE_END)),
        ("nobody is left, said by somebody else", after(*TO_THE_END, (EXHAUSTED, 0, "x"))),
        ("nobody is left of another speciality", after(*TO_THE_END, (EXHAUSTED, 1, 11))),
        ("nobody is left, said too early", after(*TO_THE_END[:-3], (EXHAUSTED, 0, 10))),
        ("nobody is left, said twice", after(*TO_THE_END, (EXHAUSTED, 0, 11), (EXHAUSTED, 0, 11))),
        ("nobody is left, and somebody was asked", after(*TO_THE_END, (INVITED, 1, 11))),
    )),
]  # fmt: skip
