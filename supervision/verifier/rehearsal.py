"""Pure. Check 41: the custodians' keys had been shown to open before anybody sealed for them.

41. Before the notice, and before any new sheets came into force, a dummy envelope under a sheet of round 0 with the
    very same keys and policy was opened with every smallest set of custodians, or with 20 of them where there are
    more; every custodian gave a signed statement that fits the commitments in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bidding.envelope import stanza
from bidding.envelope.header import parse_header
from bidding.envelope.policy import Policy
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sheet import CustodySheet, LeafKey, policy_of, read_sheet
from bidding.opening.statement import Statement
from ledger.canon import encode
from ledger.errors import Reason, _
from supervision.verifier.belonging import SEALED
from supervision.verifier.case import Case, Happened, fault, sha256
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.custody import NOTICED, brought, registered, whole
from supervision.verifier.trust import Trust

OPENED, DUMMY, GIVEN = "bidding:rehearsal:opened", "bidding:rehearsal:sealed", "bidding:rehearsal:given"
ROUND, MOST, HEADER = 0, 20, 8192


@each_lot
def rehearsed(case: Case, trust: Trust, lot: str) -> Found:
    """Check 41."""
    noticed = case.one(NOTICED, lot=lot)
    for entry in brought(case, lot):
        sheet, before = read_sheet(entry["sheet"]), max(entry.index, noticed.index)
        found = [one for one in case.all(OPENED, tender=case.tender) if one.index < before and _same(case, one, sheet)]
        if not found:
            yield fault("rehearsal", _("No rehearsal was opened with the keys of a custody sheet before bids."))
            continue
        yield from _held(case, trust, found[-1], policy_of(sheet))


def _sheet(case: Case, opened: Happened) -> Happened | None:
    """The entry of the rehearsal's own sheet, before the rehearsal was held."""
    every = [one for one in case.all(SEALED, lot=case.tender) if sha256(one["sheet"]) == opened["sheet"]]
    return next((one for one in reversed(every) if one.index < opened.index), None)


def _same(case: Case, opened: Happened, sheet: CustodySheet) -> bool:
    """Whether a rehearsal was held with the policy and the keys of a lot's sheet."""
    entry = _sheet(case, opened)
    if entry is None:
        return False
    own = read_sheet(entry["sheet"])
    return (own.policy, own.leaves) == (sheet.policy, sheet.leaves)


def _held(case: Case, trust: Trust, opened: Happened, policy: Policy) -> Iterator[Reason]:
    """Findings about one rehearsal: its sheet, its sets, its statements."""
    entry = _sheet(case, opened)
    if entry is not None:
        for found in (*whole(case, trust, entry, (case.tender, ROUND)), *registered(case, entry)):
            if isinstance(found, Reason):
                yield found
    smallest = {tuple(policy.labels[index] for index in sorted(one)) for one in policy.smallest}
    sets = [one.leaves for one in opened["sets"]]
    if len(set(sets)) != len(sets) or not set(sets) <= smallest or len(sets) != min(MOST, len(smallest)):
        yield fault("rehearsal_sets", _("The rehearsal was not opened with every smallest set of custodians."))
    yield from _statements(case, trust, opened)


def _statements(case: Case, trust: Trust, opened: Happened) -> Iterator[Reason]:
    """Findings about the dummy envelope and what each custodian gave of it."""
    entry, dummy = _sheet(case, opened), case.last(DUMMY, tender=case.tender, digest=opened["digest"])
    if entry is None or dummy is None:
        yield fault("rehearsal_dummy", _("The log does not hold the envelope with which the rehearsal was held."))
        return
    sheet, data = read_sheet(entry["sheet"]), case.object(opened["digest"], _("the rehearsal's envelope"))
    submission = stanza.read(parse_header(data[:HEADER]).stanzas[0]).submission
    header = check_header(data[:HEADER], sheet=sheet, submission=submission, size=len(data))
    facts = (opened["sheet"], submission, header.digest, len(data))
    if (dummy["sheet"], dummy["submission"], dummy["header"], dummy["size"]) != facts:
        yield fault("rehearsal_dummy", _("The log does not hold the envelope with which the rehearsal was held."))
    for leaf in sheet.leaves:  # the bidder's, where there is one, was played by the agent's client
        given = case.last(GIVEN, tender=case.tender, digest=opened["digest"], leaf=leaf.label)
        if given is None or given.index > opened.index or not _fits(case, trust, given, leaf, header):
            text = _("Custodian %(leaf)s gave no share of the rehearsal.")
            yield fault("rehearsal_given", text, leaf=leaf.label)


def _fits(case: Case, trust: Trust, given: Happened, leaf: LeafKey, header: ReceivedHeader) -> bool:
    """Whether the custodian of a leaf signed for the share to which the envelope is committed."""
    said = case.record(Statement, given["statement"], _("a custodian's statement"))
    signature = case.object(given["signature"], _("a custodian's signature"))
    signer = trust.signer(encode(said), signature, given.at)
    committed = header.opening.parts[header.opening.policy.labels.index(leaf.label)][stanza.WRAPPED :]
    pieces = [(one.receipt, one.header, one.commitment) for one in said.pieces]
    return (
        signer.fingerprint == given["certificate"] == leaf.certificate
        and (said.lot, said.round, said.sheet, said.leaf) == (case.tender, ROUND, given["sheet"], leaf.label)
        and given["sheet"] == header.opening.sheet
        and pieces == [(header.submission, header.digest, committed)]
    )


CHECKS = (Check(41, _("The keys had opened a rehearsal before anybody sealed for them"), rehearsed),)
