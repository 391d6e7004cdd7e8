"""Pure. Checks 8 and 9: who held the keys of a tender.

8. Before its notice every lot had a custody sheet, whole, under the signatures of all its custodians, who are of the
   agent, the centre and the regulator of the tender, under the policy that the agent chose; another one came only with
   an addendum that matters, before the deadline.
9. Every key in a sheet was registered in the log for its leaf, by the same body under the same certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from bidding.custody.key_statement import POLICY
from bidding.envelope.sheet import CustodySheet, LeafKey, read_sheet
from ledger.errors import Reason, _
from supervision.verifier.belonging import SEALED, bodies
from supervision.verifier.case import Case, Happened, fault, once_a_case, sha256
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.trust import Trust

NOTICED, REGISTERED, SIGNED = "trading:lot:noticed", "bidding:key:registered", "bidding:sheet:signed"
CHOSEN, CLOSED, ISSUED = "bidding:policy:chosen", "bidding:lot:closed", "trading:addendum:issued"
OFFICES = {"a": "agent", "c": "centre", "r": "regulator"}


@once_a_case
def sheet_of(case: Case, lot: str) -> CustodySheet:
    """The sheet in force for the bids that were counted: the last one before the count; `Missing` without one."""
    return read_sheet(sealed(case, lot)["sheet"])


def sealed(case: Case, lot: str) -> Happened:
    """The entry that put it in force."""
    closed = case.first(CLOSED, lot=lot)
    found = [one for one in case.all(SEALED, lot=lot) if closed is None or one.index < closed.index]
    return found[-1] if found else case.one(SEALED, lot=lot)


def brought(case: Case, lot: str) -> list[Happened]:
    """The sheets that were in force at some time from the notice on: the last one before it, and every later one."""
    noticed, every = case.one(NOTICED, lot=lot), case.all(SEALED, lot=lot)
    return [one for one in every if one.index < noticed.index][-1:] + [
        one for one in every if one.index > noticed.index
    ]


@each_lot
def sheets(case: Case, trust: Trust, lot: str) -> Found:
    """Check 8."""
    noticed, found = case.one(NOTICED, lot=lot), brought(case, lot)
    if not found or found[0].index > noticed.index:
        yield fault("sheet_late", _("A custody sheet came into force after the notice."))
    for one in found:
        if one.index > noticed.index and not _by_addendum(case, lot, one):
            yield fault("sheet_late", _("A custody sheet came into force after the notice."))
        yield from whole(case, trust, one, (lot, one["round"]))


def _by_addendum(case: Case, lot: str, entry: Happened) -> bool:
    """Whether a sheet came in the very act of an addendum that matters, before the bids were counted."""
    closed = case.first(CLOSED, lot=lot)
    came = [one for one in case.all(ISSUED) if (one.at, one.by, one["material"]) == (entry.at, entry.by, True)]
    return bool(came) and came[-1].index < entry.index and (closed is None or entry.index < closed.index)


def whole(case: Case, trust: Trust, entry: Happened, place: tuple[str, int]) -> Found:
    """Findings about one sheet: place, policy, bodies, every signature."""
    sheet = read_sheet(entry["sheet"])
    if (sheet.lot, sheet.round) != place or entry["round"] != sheet.round:
        yield fault("sheet_other", _("The custody sheet is for another lot or round."))
    chosen = [one["policy"] for one in case.all(CHOSEN, tender=case.tender) if one.index < entry.index][-1:]
    if [sheet.policy] != (chosen or [POLICY]):
        yield fault("sheet_policy", _("The custody sheet has another policy than the agent chose."))
    office = {letter: body.credit_code for letter, name in OFFICES.items() if (body := bodies(case).get(name))}
    if any(office.get(leaf.label[0]) != leaf.holder for leaf in sheet.leaves):
        yield fault("sheet_bodies", _("The custodians are not the agent, the centre and the regulator of the tender."))
    given = {one.label: one.signature for one in entry["signatures"]}
    if set(given) != {leaf.label for leaf in sheet.leaves} or len(given) != len(entry["signatures"]):
        yield fault("sheet_unsigned", _("Not every custodian has signed the custody sheet."))
    for leaf in sheet.leaves:
        yield from _signed(case, trust, entry, leaf, given.get(leaf.label, b""))


def _signed(case: Case, trust: Trust, entry: Happened, leaf: LeafKey, signature: bytes) -> Iterator[Reason]:
    data, facts = entry["sheet"], {"lot": entry["lot"], "label": leaf.label, "sheet": sha256(entry["sheet"])}
    signer = trust.signer(data, signature, entry.at)
    if (signer.fingerprint, signer.credit_code) != (leaf.certificate, leaf.holder):
        text = _("The custody sheet does not bear the signature of custodian %(label)s.")
        yield fault("sheet_signer", text, label=leaf.label)
    if not any(one.index < entry.index for one in case.all(SIGNED, **facts)):
        text = _("The log does not say that custodian %(label)s signed the sheet before it came into force.")
        yield fault("sheet_not_said", text, label=leaf.label)


@each_lot
def keys(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 9."""
    for entry in brought(case, lot):
        yield from registered(case, entry)


def registered(case: Case, entry: Happened) -> Found:
    """Findings about the keys of one sheet: each is the last that was registered for its leaf before it."""
    for leaf in read_sheet(entry["sheet"]).leaves:
        named = case.all(REGISTERED, tender=case.tender, label=leaf.label)
        last = [one for one in named if one.index < entry.index][-1:]
        said = [(one["holder"], one["certificate"], one["key"]) for one in last]
        if said != [(leaf.holder, leaf.certificate, leaf.key)]:
            text = _("The key of custodian %(label)s in the sheet is not the one registered in the log.")
            yield fault("key", text, label=leaf.label)


CHECKS = (
    Check(8, _("The custody sheets were signed by all custodians before the notice"), sheets),
    Check(9, _("The custodians' keys are those registered in the log"), keys),
)
