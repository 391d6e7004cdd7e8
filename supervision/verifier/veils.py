"""Pure. Checks 6 and 7: what was hidden for a while is what was committed to.

6. Every lifted entry opens the veiled leaf that it names, once; every veiled leaf of the bundle is opened.
7. Every disclosure opens the commitment in the field that it names, once; what is to stay hidden for ever is hidden,
   and what was to be disclosed was, before the report was made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ledger.canon import Malformed
from ledger.errors import Reason, _
from ledger.events import EVENTS, commit_field, commit_veiled, committed_fields, read_entry
from supervision.verifier.case import DISCLOSED, LIFTED, VEILED, Case, Happened, fault
from supervision.verifier.check import Check, Found
from supervision.verifier.trust import Trust

NEVER = "never"
REPORTED = "evaluation:report:made"


def veils(case: Case, _trust: Trust) -> Found:
    """Check 6."""
    hidden = {one.index: one for one in case.entries if one.tag == VEILED}
    lifted = case.all(LIFTED)
    for index, count in Counter(one["index"] for one in lifted).items():
        if count > 1:
            yield fault("lifted_twice", _("The veil of entry %(index)s was lifted twice."), index=index)
    for one in lifted:
        yield from _opens(hidden.get(one["index"]), one)
    for index in sorted(hidden.keys() - {one["index"] for one in lifted}):
        yield fault("not_lifted", _("The veil of entry %(index)s was never lifted."), index=index)


def _opens(leaf: Happened | None, lifted: Happened) -> Iterator[Reason]:
    index = lifted["index"]
    if leaf is None:
        yield fault("veil_missing", _("Entry %(index)s, whose veil was lifted, is not here."), index=index)
    elif leaf["commitment"] != commit_veiled(lifted["salt"], lifted["inner"]):
        yield fault("veil", _("What was lifted from entry %(index)s is not what was veiled."), index=index)
    elif lifted.index <= index:
        yield fault("veil_early", _("The veil of entry %(index)s was lifted before it was there."), index=index)
    try:
        read_entry(lifted["inner"])
    except Malformed as error:
        text = _("Entry %(index)s is not written as an entry of this house: %(why)s.")
        yield fault("not_canonical", text, index=index, why=error)


def disclosures(case: Case, _trust: Trust) -> Found:
    """Check 7."""
    by_id = {one.id: one for one in case.open}
    seen = Counter((one["entry"], one["field"]) for one in case.all(DISCLOSED))
    for (identity, name), count in seen.items():
        if count > 1:
            text = _("The field %(field)s of entry %(id)s was disclosed twice.")
            yield fault("disclosed_twice", text, field=name, id=identity.hex())
    for one in case.all(DISCLOSED):
        about = by_id.get(one["entry"])
        if about is None or not _fits(about, one):
            text = _("Entry %(index)s discloses something that was not committed to.")
            yield fault("disclosure", text, index=one.index)
    text = _("The field %(field)s of entry %(index)s was to be disclosed and never was.")
    for one in case.open:
        for name in _promised(case, one):
            if (one.id, name) not in seen:
                yield fault("undisclosed", text, field=name, index=one.index)


def _promised(case: Case, one: Happened) -> Iterator[str]:
    """The fields of an entry that had to be disclosed before the last report of its lot."""
    report = case.last(REPORTED, lot=one.entry.values.get("lot"))
    if report is not None and one.index < report.index:
        yield from (name for name, by in committed_fields(EVENTS[one.tag]).items() if by != NEVER)


def _fits(about: Happened, said: Happened) -> bool:
    """Whether `said` opens a field of `about` that is to be opened, after it."""
    by = committed_fields(EVENTS[about.tag]).get(said["field"], NEVER)
    if by == NEVER or said.index <= about.index:
        return False
    return bool(about[said["field"]] == commit_field(said["salt"], about.id, said["field"], said["value"]))


CHECKS = (
    Check(6, _("What was veiled is what was lifted"), veils, since=(LIFTED,)),
    Check(7, _("What was disclosed is what was committed to"), disclosures, since=(DISCLOSED, REPORTED)),
)
