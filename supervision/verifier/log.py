"""Pure. Checks 3 to 5: the entries of the bundle are those of the log, all about this tender, and none is left out.

3. Every entry is included under the checkpoint at its index, stands once, is written canonically and of a known kind.
4. Every entry is about this tender or one of its lots, or registers a body or a certificate that it needs.
5. The last entry counts the trail of the tender, and every trail counts exactly the entries of the bundle up to its
   index: nothing was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ledger import merkle
from ledger.canon import Malformed
from ledger.errors import Reason, _
from ledger.events import read_entry
from supervision.trail import trail_digest
from supervision.verifier.archive import checkpoint_of
from supervision.verifier.belonging import (
    ENROLLED,
    OPENED,
    REGISTERED,
    accounts,
    belongs,
    certificates,
    credit_codes,
    scoped,
)
from supervision.verifier.case import LIFTED, VEILED, Case, fault
from supervision.verifier.check import Check, Found
from supervision.verifier.trust import Trust

TRAIL = "supervision:trail:counted"


def inclusion(case: Case, trust: Trust) -> Found:
    """Check 3."""
    state = checkpoint_of(case, trust)
    for index, count in Counter(one.index for one in case.leaves).items():
        if count > 1:
            yield fault("index_twice", _("Entry %(index)s stands in the bundle more than once."), index=index)
    for one in case.leaves:
        if not merkle.included(merkle.leaf_hash(one.leaf), one.index, state.size, one.path, state.root):
            text = _("Entry %(index)s is not in the log at this place.")
            yield fault("not_included", text, index=one.index)
        try:
            read_entry(one.leaf)
        except Malformed as error:
            text = _("Entry %(index)s is not written as an entry of this house: %(why)s.")
            yield fault("not_canonical", text, index=one.index, why=error)


def about(case: Case, trust: Trust) -> Found:
    """Check 4."""
    for identity, count in Counter(one.id for one in (*case.open, *case.inner)).items():
        if count > 1:
            text = _("Two entries have the same identity %(id)s.")
            yield fault("id_twice", text, id=identity.hex())
    if list(case.leaves) != sorted(case.leaves, key=lambda one: one.index):
        yield fault("order", _("The entries are not in the order of the log."))
    yield from _foreign(case, trust)


def _foreign(case: Case, trust: Trust) -> Iterator[Reason]:
    lifted = {one["index"] for one in case.all(LIFTED)}
    codes, prints, people = credit_codes(case), certificates(case, trust), accounts(case)
    text = _("Entry %(index)s (%(tag)s) has no place in the evidence of this tender.")
    for one in case.entries:
        if one.tag == VEILED:
            known = one.index in lifted
        elif one.tag == REGISTERED:
            known = one["credit_code"] in codes
        elif one.tag == OPENED:
            known = one["account"] in people
        elif one.tag == ENROLLED:
            known = one["fingerprint"] in prints
        else:
            known = belongs(case, one)
        if not known:
            yield fault("foreign", text, index=one.index, tag=one.tag)


def trails(case: Case, _trust: Trust) -> Found:
    """Check 5."""
    counted = [one for one in case.open if scoped(one)]
    if not counted or counted[-1].tag != TRAIL:
        yield fault("no_trail", _("The bundle does not end with the count of the tender's entries."))
    for trail in case.all(TRAIL):
        before = [one.leaf for one in counted if one.index <= trail["upto"]]
        if trail["upto"] >= trail.index or (len(before), trail_digest(before)) != (trail["count"], trail["digest"]):
            text = _("Entry %(index)s counted %(count)s entries of the tender; the bundle holds others.")
            yield fault("trail", text, index=trail.index, count=trail["count"])
    for index in _uncounted(case):
        yield fault("uncounted", _("Entry %(index)s came after the last count."), index=index)


def _uncounted(case: Case) -> list[int]:
    last = case.last(TRAIL)
    return [one.index for one in case.open if last and scoped(one) and last["upto"] < one.index != last.index]


CHECKS = (
    Check(3, _("Every entry stands in the log, once, at its index, in its one form"), inclusion),
    Check(4, _("Every entry is about this tender"), about),
    Check(5, _("No entry about the tender is left out"), trails),
)
