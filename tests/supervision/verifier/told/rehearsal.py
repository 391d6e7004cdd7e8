"""Check 41: rehearsals with other sets, of another time, held twice, or of one of two sheets only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from supervision.verifier.belonging import SEALED
from supervision.verifier.case import sha256
from supervision.verifier.custody import NOTICED
from supervision.verifier.rehearsal import DUMMY, GIVEN, OPENED
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.notice import both

FREE = 37  # where lots' sheets are said to be signed, which the check does not ask
Sets = tuple[Any, ...]


def sets(to: Callable[[Sets], Sets]) -> Lie:
    """The rehearsal was opened with other sets."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(OPENED)[0]
        forger.say(one, sets=to(one["sets"]))

    return lie


def again(index: int, tag: str = OPENED, to: Callable[[Sets], Sets] | None = None, **said: object) -> Lie:
    """The same at another place too."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(tag, **({"lot": forger.case.tender} if tag == SEALED else {}))[0]
        values = {**said, **({"sets": to(one["sets"])} if to else {})}
        forger.leaves[index] = written(changed(one.entry, id=other(one.id), **values))

    return lie


def rehearsed_twice(to: Callable[[Sets], Sets]) -> Lie:
    """A rehearsal after the true one, in the place of the notice of the first lot."""

    def lie(forger: Forger) -> None:
        again(forger.case.one(NOTICED, lot=forger.case.lots[0]).index, to=to)(forger)

    return lie


def sheet_again(forger: Forger) -> None:
    """The rehearsal's sheet came into force once more in the end."""
    forger.double(forger.case.all(SEALED, lot=forger.case.tender)[0])


def given_late(forger: Forger) -> None:
    """A share given after the rehearsal was opened."""
    forger.exchange(forger.case.one(GIVEN, leaf="r"), forger.case.one(OPENED))


def lots_sheet(forger: Forger) -> None:
    """The rehearsal is said to have been held with the sheet of a lot itself."""
    sheet = forger.case.all(SEALED, lot=forger.case.lots[0])[0]["sheet"]
    forger.say(forger.case.one(OPENED), sheet=sha256(sheet))


def envelope_gone(forger: Forger) -> None:
    """The rehearsal's envelope is not here."""
    forger.objects.pop(forger.case.one(OPENED)["digest"].hex())


def dropped(tag: str, at: int, **values: object) -> Lie:
    return lambda forger: forger.drop(forger.case.all(tag, **values)[at])


def says(tag: str, at: int, **said: object) -> Lie:
    return lambda forger: forger.say(forger.case.all(tag)[at], **said)


def longest(all_: Sets) -> Sets:
    """A set in which nobody could be missing."""
    return (*all_[:-1], replace(all_[-1], leaves=("a", "c", "r")))


LIES: list[tuple[int, str, str, Lie]] = [
    *((41, "whole", what, lie) for what, lie in (
        ("one set twice", sets(lambda all_: (all_[0], all_[1], all_[1]))),
        ("one set twice and all three", sets(lambda all_: (*all_, all_[0]))),
        ("a set of all three", sets(longest)),
        ("a fourth set of all three", sets(lambda all_: (*all_, longest(all_)[-1]))),
        ("the sets turned about", sets(lambda all_: all_[::-1])),
        ("no set", sets(lambda _all: ())),
        ("a worse rehearsal afterwards", rehearsed_twice(lambda all_: all_[:1])),
        ("a better rehearsal afterwards", both(sets(lambda all_: all_[:1]), rehearsed_twice(lambda all_: all_))),
        ("the sheet of the rehearsal before it too", again(FREE, SEALED)),
        ("a share given too late", given_late),
        ("a rehearsal with a lot's own sheet", lots_sheet),
        ("a rehearsal whose envelope is gone", envelope_gone),
        ("a share given before, by another certificate", again(FREE, GIVEN, certificate=bytes(32))),
        ("another envelope before", again(FREE, DUMMY, size=1)),
        ("the sheet of the rehearsal is not here", lambda forger: forger.drop(
            forger.case.all(SEALED, lot=forger.case.tender)[0])),
    )),
    *((41, "lost", what, lie) for what, lie in (
        ("the first rehearsal was never opened", dropped(OPENED, 0)),
        ("the second rehearsal was never opened", dropped(OPENED, 1)),
        ("the first never opened, no share in the second", both(dropped(OPENED, 0), dropped(GIVEN, -1))),
        ("no share in the first, nor in the second", both(dropped(GIVEN, 0), dropped(GIVEN, -1))),
        ("the first rehearsal's sheet again in the end", sheet_again),
        ("another envelope in the second", says(DUMMY, 1, size=1)),
    )),
]  # fmt: skip
