"""Checks 6 and 7: veils and disclosures told twice, too early, of what is to stay hidden, or of nothing."""

from __future__ import annotations

from ledger.events import commit_field, commit_veiled, read_entry
from supervision.verifier.case import DISCLOSED, LIFTED, Case, Happened
from supervision.verifier.veils import REPORTED
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.places import in_one_place

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
SALT = bytes(range(32))
ANSWERED = "experts:invitation:answered"


def no_leaf(forger: Forger) -> None:
    """A veil lifted from an entry that is not here."""
    forger.leaves[forger.case.all(LIFTED)[0]["index"]] = None


def too_early(forger: Forger) -> None:
    """A veil lifted before it was there."""
    lift = forger.case.all(LIFTED)[0]
    hidden = forger.leaves[lift["index"]]
    forger.leaves[lift["index"]] = written(changed(lift.entry, index=lift.index))
    forger.leaves[lift.index] = hidden


def no_entry(forger: Forger) -> None:
    """Something was veiled and lifted that is no entry."""
    lift = forger.case.all(LIFTED)[0]
    inner = lift["inner"] + b"x"
    hidden = read_entry(forger.leaves[lift["index"]] or b"")
    forger.leaves[lift["index"]] = written(changed(hidden, commitment=commit_veiled(lift["salt"], inner)))
    forger.leaves[lift.index] = written(changed(lift.entry, inner=inner))


def thrice(tag: str) -> Lie:
    """The first entry of a kind two times more."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(tag)[0]
        forger.append(written(changed(one.entry, id=other(one.id))), written(changed(one.entry, id=SALT[:16])))

    return lie


def for_ever(forger: Forger) -> None:
    """A reason disclosed that is to stay hidden, and fits."""
    one = next(one for one in forger.case.all(ANSWERED) if not one["accepted"])
    value = written(one.entry)[-8:]
    forger.leaves[one.index] = written(changed(one.entry, reason=commit_field(SALT, one.id, "reason", value)))
    said = forger.case.all(DISCLOSED)[0]
    forger.append(written(changed(said.entry, id=SALT[:16], entry=one.id, field="reason", salt=SALT, value=value)))


def before_it(forger: Forger) -> None:
    """A field disclosed before it was committed to."""
    said = forger.case.all(DISCLOSED)[0]
    about = next(one for one in forger.case.open if one.id == said["entry"])
    forger.exchange(about, said)


def after_the_report(forger: Forger) -> None:
    """What was left open after the last report need not be disclosed."""
    one = forger.case.first("evaluation:sheet:signed")
    assert one is not None
    forger.double(one, edition=2)


def lift_and_veil(case: Case) -> tuple[Happened, Happened]:
    """The lifting of a veil, and the veiled leaf."""
    lift = case.all(LIFTED)[0]
    return lift, next(one for one in case.entries if one.index == lift["index"])


def said_and_signed(case: Case) -> tuple[Happened, Happened]:
    """A disclosure, and what it discloses."""
    said = case.all(DISCLOSED)[0]
    return said, next(one for one in case.open if one.id == said["entry"])


def undisclosed(forger: Forger) -> Happened:
    """A sheet about lot 3, the last of that part, whose disclosure was left out."""
    one = forger.case.all("evaluation:sheet:signed", lot=THREE)[-1]
    forger.drop(forger.case.disclosed[one.id, "record"])
    return one


def between_the_reports(forger: Forger) -> None:
    """A sheet about lot 1 that came after the report of that lot, before the report of another."""
    forger.say(undisclosed(forger), lot=ONE)


def with_the_report(forger: Forger) -> None:
    """A sheet at the very index of the report."""
    one = undisclosed(forger)
    in_one_place(lambda case: (one, case.one(REPORTED, lot=THREE)))(forger)


LIES: list[tuple[int, str, str, Lie]] = [
    (6, "whole", "a veil lifted from nothing", no_leaf),
    (6, "whole", "a veil lifted before it was there", too_early),
    (6, "whole", "something lifted that is no entry", no_entry),
    (6, "whole", "a veil lifted three times", thrice(LIFTED)),
    (6, "whole", "a veil lifted twice", lambda forger: forger.double(forger.case.all(LIFTED)[0])),
    (7, "whole", "a field disclosed three times", thrice(DISCLOSED)),
    (7, "whole", "a field disclosed twice", lambda forger: forger.double(forger.case.all(DISCLOSED)[0])),
    (7, "whole", "a reason disclosed that is nobody's business", for_ever),
    (7, "whole", "a field disclosed before it was committed to", before_it),
    (7, "whole", "a sheet after the report", after_the_report),
    (6, "whole", "a veil lifted where it is", in_one_place(lift_and_veil)),
    (7, "whole", "a field disclosed where it was committed to", in_one_place(said_and_signed)),
    (7, "whole", "a sheet between two reports", between_the_reports),
    (7, "whole", "a sheet with the report", with_the_report),
]
