"""Pure. To which lot an entry belongs, and which bodies and certificates the evidence of a tender needs.

Enters: a case and an entry. Leaves: whether the entry is about the tender. Entries of a draw or a guarantee name their
lot by the request or the recognition that began it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bidding.envelope.sheet import CustodySheet
from bidding.opening.events import Readout
from experts.lottery import Request
from ledger.canon import Malformed, decode
from supervision.verifier.case import DISCLOSED, LIFTED, VEILED, Case, Happened
from supervision.verifier.trust import Trust
from trading.records import Body, TenderNotice

REGISTERED, ENROLLED = "trading:party:registered", "trading:certificate:issued"
OPENED = "trading:account:opened"
SEALED, RECOGNISED, REQUESTED = "bidding:sheet:sealed", "guarantees:guarantee:recognised", "experts:draw:requested"


def scoped(one: Happened) -> bool:
    """Whether the entry lies under the tender or a lot in the log: everything but veils and enrolment."""
    return one.tag not in {VEILED, REGISTERED, ENROLLED, OPENED}


def belongs(case: Case, one: Happened) -> bool:
    """Whether the entry is about the tender or one of its lots."""
    values = one.entry.values
    if one.tag == LIFTED:
        return any(inner.index == values["index"] and inner["lot"] in case.lots for inner in case.inner)
    if one.tag == DISCLOSED:
        return any(other.id == values["entry"] for other in case.open)
    if "draw" in values:
        return lot_of_draw(case, values["draw"]) in case.lots
    if "guarantee" in values and "lot" not in values:
        return any(other["lot"] in case.lots for other in case.all(RECOGNISED, guarantee=values["guarantee"]))
    # The sheet of a rehearsal is that of the tender itself.
    return values["tender"] == case.tender if "tender" in values else values.get("lot") in {case.tender, *case.lots}


def lot_of_draw(case: Case, code: str) -> str:
    """The lot for which a draw was requested, "" when the request is not in the bundle."""
    asked = case.first(REQUESTED, draw=code)
    data = case.objects.get(asked["digest"].hex()) if asked else None
    try:
        return decode(Request, data).lot if data is not None else ""
    except Malformed:
        return ""


def draws_of(case: Case, lot: str) -> list[str]:
    """The codes of the draws of a lot, in the order of their requests."""
    return [one["draw"] for one in case.all(REQUESTED) if lot_of_draw(case, one["draw"]) == lot]


def notice_of(case: Case) -> TenderNotice | None:
    """The notice of the tender, None while it is not there or cannot be read."""
    published = case.first("trading:notice:published", tender=case.tender)
    data = case.objects.get(published["digest"].hex()) if published else None
    try:
        return decode(TenderNotice, data) if data is not None else None
    except Malformed:
        return None


def bodies(case: Case) -> dict[str, Body]:
    """The four bodies around the tender, by what they do; empty without a notice."""
    found = notice_of(case)
    return {} if found is None else {
        "purchaser": found.purchaser, "agent": found.agent, "centre": found.centre, "regulator": found.regulator,
    }  # fmt: skip


def credit_codes(case: Case) -> set[str]:
    """Whose registration the evidence needs: the bodies around the tender, and everybody whose bid was read out."""
    read = case.all("bidding:prices:read")
    return {
        *(body.credit_code for body in bodies(case).values()),
        *(bid.credit_code for one in read for bid in (*one["bids"], *one["failed"]) if bid.credit_code),
        *(bid.credit_code for readout in readouts(case) for bid in readout if bid.credit_code),
    }


def readouts(case: Case) -> Iterator[tuple[Body, ...]]:
    """Who stands in the read-outs that were too long for an entry."""
    for one in case.all("bidding:prices:read"):
        data = case.objects.get(one["table"].hex())
        try:
            found = decode(Readout, data) if data is not None else None
        except Malformed:
            continue
        if found is not None:
            read = [Body(bid.credit_code, bid.name) for bid in found.bids]
            yield (*read, *(Body(bid.credit_code, bid.name) for bid in found.failed))


def accounts(case: Case) -> set[str]:
    """The accounts that left an entry."""
    return {one.by for one in case.open if scoped(one)}


def certificates(case: Case, trust: Trust) -> set[bytes]:
    """SHA-256 of every certificate by which something in the bundle was signed, or is said to have been."""
    found = {one["certificate"] for one in case.open if "certificate" in one.entry.values}
    for one in case.all(SEALED):
        found |= {leaf.certificate for leaf in decode(CustodySheet, one["sheet"]).leaves}
    return found | {signer for data in case.objects.values() if (signer := trust.named_in(data))}


def ends(case: Case, trust: Trust) -> dict[bytes, datetime]:
    """Until when every certificate is valid that lies in a signature of the bundle, by its SHA-256."""
    signatures = [one.signature for entry in case.all(SEALED) for one in entry["signatures"]]
    return {
        print_: until
        for data in (*signatures, *case.objects.values())
        if (print_ := trust.named_in(data)) and (until := trust.end_of(print_)) is not None
    }
