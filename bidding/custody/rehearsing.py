"""Holding the rehearsal: the dummy envelope is opened for every smallest set of custodians that satisfies the policy.

Enters: a tender whose custodians have all given their shares, in the log. Leaves: `bidding:rehearsal:opened` with the
sets, which the notice waits for, or `bidding:rehearsal:failed` with the first set that did not open. The very code that
opens bids opens it, for each set with the shares of that set alone.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from typing import cast

from bidding.custody.events import OpenedSet, RehearsalFailed, RehearsalOpened
from bidding.custody.rehearsal import kept_share, received, rehearsal_of
from bidding.envelope.policy import BIDDER, Policy
from bidding.envelope.sheet import policy_of, read_sheet
from bidding.models import Rehearsal
from bidding.opening.deciding import Checks, Failed, Receipted, open_envelope
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import Broken, Conflict
from trading.models import Tender
from trading.signatures import check_party

MOST = 20
HANDLE = "rehearsal"


def sets_to_open(policy: Policy) -> list[frozenset[int]]:
    """Every smallest satisfying set, or 20 random ones of them where there are more."""
    found = list(policy.smallest)
    chosen = found if len(found) <= MOST else secrets.SystemRandom().sample(found, MOST)
    return sorted(chosen, key=sorted)


def shares_of(row: Rehearsal) -> dict[int, bytes]:
    """The shares whose entries have their place in the log, by leaf index; the agent's own for `b`."""
    policy = policy_of(read_sheet(bytes(row.sheet.data)))
    given = {
        one.index: kept_share(row, one.leaf, bytes(one.batch)) for one in row.shares.filter(entry__place__isnull=False)
    }
    if policy.asks_bidder and row.own_share:
        given[policy.labels.index(BIDDER)] = kept_share(row, BIDDER, bytes(row.own_share))
    return given


def rehearsals_due() -> int:
    """Hold every rehearsal for which all custodians have come; the ticker's part. Returns how many acts ran."""
    rows = Rehearsal.objects.filter(state=Rehearsal.WAITING, sheet__superseded=False).select_related("sheet__tender")
    return sum(_held(row.sheet.tender) for row in rows if row.sheet.tender is not None)


def _held(tender: Tender) -> int:
    try:
        return hold(tender)
    except Conflict:
        return 0  # another process was faster, or a key changed


def hold(tender: Tender) -> int:
    """Open the rehearsal once all shares are in; 1 when it was decided, else 0."""
    row = rehearsal_of(tender)
    if row is None or row.state != Rehearsal.WAITING:
        return 0
    policy, shares = policy_of(read_sheet(bytes(row.sheet.data))), shares_of(row)
    if len(shares) < len(policy.leaves):
        return 0
    sets = sets_to_open(policy)
    fault = next(((one, reason) for one in sets if (reason := _fault(row, one, shares))), None)
    named = [_labels(policy, one) for one in sets]
    _decide(tender, row, named, (_labels(policy, fault[0]), fault[1]) if fault else None)
    return 1


def _labels(policy: Policy, leaves: frozenset[int]) -> tuple[str, ...]:
    return tuple(policy.labels[index] for index in sorted(leaves))


def _decide(
    tender: Tender, row: Rehearsal, sets: list[tuple[str, ...]], fault: tuple[tuple[str, ...], str] | None
) -> None:
    with act("bidding:rehearsal:open", THE_CLOCK, on=tender) as this:
        sheet, digest = bytes.fromhex(row.sheet.digest), bytes.fromhex(row.digest)
        this.swap(row, ended_at=(None, this.now))
        if fault is None:
            this.swap(row, state=(Rehearsal.WAITING, Rehearsal.OPENED), sets=([], [list(one) for one in sets]))
            this.record(RehearsalOpened(tender.code, sheet, digest, tuple(OpenedSet(one) for one in sets)))
        else:
            this.swap(row, state=(Rehearsal.WAITING, Rehearsal.FAILED), reason=("", fault[1]))
            this.record(RehearsalFailed(tender.code, sheet, digest, fault[0], fault[1]))


def _fault(row: Rehearsal, leaves: frozenset[int], shares: dict[int, bytes]) -> str:
    """The code of why the envelope does not open with the shares of these leaves alone; "" when it does."""
    data, sheet, agent = bytes(row.data), read_sheet(bytes(row.sheet.data)), row.account.party
    receipted = Receipted(row.submission, hashlib.sha256(data).digest(), received(row).digest, len(data), HANDLE, sheet)
    checks = Checks(
        signed=lambda text, signature, _code: _check_signed(row, text, signature),
        handle=lambda code: HANDLE if agent is not None and code == agent.credit_code else "",
    )
    stored = cast("io.BufferedReader", io.BufferedReader(io.BytesIO(data)))
    try:
        open_envelope(stored, receipted, {one: shares[one] for one in leaves}, checks)
    except Failed as failure:
        return failure.reason.code
    return ""


def _check_signed(row: Rehearsal, text: bytes, signature: bytes) -> None:
    tender, at = row.sheet.tender, row.entry.at
    if tender is None or at is None:
        raise Broken("a rehearsal is that of a tender, and its entry has a time")
    check_party(text, signature, tender.agent, at)
