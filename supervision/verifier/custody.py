"""Pure. Checks 8 and 9: who held the keys of a tender.

8. Before its notice every lot had one custody sheet, whole, under the signatures of all its custodians, who are the
   agent, the centre and the regulator of the tender; no other sheet came after the notice.
9. Every key in a sheet was registered in the log for its leaf, by the same body under the same certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from bidding.envelope.sheet import CustodySheet, LeafKey, read_sheet
from ledger.errors import Reason, _
from supervision.verifier.belonging import SEALED, bodies
from supervision.verifier.case import Case, Happened, fault, once_a_case, sha256
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.trust import Trust

NOTICED, REGISTERED, SIGNED = "trading:lot:noticed", "bidding:key:registered", "bidding:sheet:signed"
OFFICES = {"a": "agent", "c": "centre", "r": "regulator"}


@once_a_case
def sheet_of(case: Case, lot: str) -> CustodySheet:
    """The sheet in force for the bids of a lot: the last one before its notice; `Missing` without one."""
    return read_sheet(sealed(case, lot)["sheet"])


def sealed(case: Case, lot: str) -> Happened:
    """The entry that put it in force."""
    noticed = case.one(NOTICED, lot=lot)
    found = [one for one in case.all(SEALED, lot=lot) if one.index < noticed.index]
    return found[-1] if found else case.one(SEALED, lot=lot)


@each_lot
def sheets(case: Case, trust: Trust, lot: str) -> Found:
    """Check 8."""
    noticed, entry = case.one(NOTICED, lot=lot), sealed(case, lot)
    sheet = read_sheet(entry["sheet"])
    if entry.index > noticed.index or case.all(SEALED, lot=lot)[-1].index > noticed.index:
        yield fault("sheet_late", _("A custody sheet came into force after the notice."))
    if (sheet.lot, sheet.round) != (lot, entry["round"]):
        yield fault("sheet_other", _("The custody sheet is for another lot or round."))
    office = {letter: body.credit_code for letter, name in OFFICES.items() if (body := bodies(case).get(name))}
    if {leaf.label[0]: leaf.holder for leaf in sheet.leaves} != office:
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
    entry, sheet = sealed(case, lot), sheet_of(case, lot)
    for leaf in sheet.leaves:
        named = case.all(REGISTERED, tender=case.tender, round=sheet.round, label=leaf.label)
        last = [one for one in named if one.index < entry.index][-1:]
        said = [(one["holder"], one["certificate"], one["key"]) for one in last]
        if said != [(leaf.holder, leaf.certificate, leaf.key)]:
            text = _("The key of custodian %(label)s in the sheet is not the one registered in the log.")
            yield fault("key", text, label=leaf.label)


CHECKS = (
    Check(8, _("The custody sheets were signed by all custodians before the notice"), sheets),
    Check(9, _("The custodians' keys are those registered in the log"), keys),
)
