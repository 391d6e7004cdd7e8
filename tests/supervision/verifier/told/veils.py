"""Checks 6 and 7: veils and disclosures told twice, too early, of what is to stay hidden, or of nothing."""

from __future__ import annotations

from ledger.events import commit_field, commit_veiled, read_entry
from supervision.verifier.case import DISCLOSED, LIFTED
from tests.supervision.forger import Forger, Lie, changed, other, written

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
]
