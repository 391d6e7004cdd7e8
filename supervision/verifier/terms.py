"""Pure. Check 39, which needs the private evidence: what the guarantees promised.

39. Every sealed cover is the one that was lodged; the key in a bid opens it, and its signed terms are those of the
    guarantee on record: for this lot, bidder and purchaser, of that kind, number and amount.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

from bidding.envelope.age import decrypt
from bidding.envelope.x25519 import Identity
from bidding.opening.cover_key import key_in
from bidding.opening.deciding import Failed
from guarantees.cover import Cover, read
from ledger.errors import Reason, Refused, _
from supervision.verifier.belonging import RECOGNISED, bodies
from supervision.verifier.case import Case, Happened, fault, missing
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.contents import given_for, opened
from supervision.verifier.envelopes import SEALED
from supervision.verifier.notice import line_of
from supervision.verifier.opening import DECIDED, OPENED, readout_of
from supervision.verifier.secrecy import is_unsealed
from supervision.verifier.trust import Trust

LODGED = "guarantees:cover:lodged"


@each_lot
def terms(case: Case, trust: Trust, lot: str) -> Found:
    """Check 39."""
    if not is_unsealed(case, lot) or not line_of(case, lot).bond:
        return
    lodged = [case.object(one["digest"], _("a sealed cover")) for one in case.all(LODGED, lot=lot)]
    read_bids = {bid.number: bid for bid in readout_of(case, lot).bids}
    for decided in case.all(DECIDED, lot=lot, state=OPENED):
        bid = read_bids[decided["number"]]
        for held in case.all(RECOGNISED, lot=lot, party=bid.party):
            found = _cover(case, trust, decided, lodged)
            yield from _promised(case, lot, bid.credit_code, held, found)


def _cover(case: Case, trust: Trust, decided: Happened, lodged: list[bytes]) -> Cover | None:
    """The cover that the key in a bid opens, as its issuer signed it; None when it opens none."""
    sealed = case.one(SEALED, lot=decided["lot"], number=decided["receipt"])
    try:
        package = opened(case, trust, sealed, given_for(case, decided["lot"], decided)).package
    except Failed:
        raise missing(_("a bid that opens")) from None
    identity = key_in(package)
    if identity is None:
        return None
    for data in lodged:
        plain = _plain(data, identity)
        if plain is not None:
            return read(plain, trust.roots, decided.at)
    return None


def _plain(sealed: bytes, identity: Identity) -> bytes | None:
    sink = io.BytesIO()
    try:
        decrypt(io.BytesIO(sealed), sink, [identity])
    except Refused:
        return None
    return sink.getvalue()


def _promised(case: Case, lot: str, credit_code: str, held: Happened, found: Cover | None) -> Iterator[Reason]:
    if found is None:
        yield fault("no_cover", _("No lodged cover opens with the key in the bid behind which a guarantee stands."))
        return
    said: Mapping[str, object] = {
        "lot": found.terms.lot, "beneficiary": found.terms.beneficiary, "bidder": found.terms.bidder,
        "kind": found.terms.kind, "number": found.terms.number, "amount": found.terms.amount,
    }  # fmt: skip
    so: Mapping[str, object] = {
        "lot": lot, "beneficiary": bodies(case)["purchaser"].credit_code, "bidder": credit_code,
        "kind": held["kind"], "number": held["number"], "amount": held["amount"],
    }  # fmt: skip
    text = _("A guarantee on record has another %(field)s than its issuer signed.")
    for name in said:
        if said[name] != so[name]:
            yield fault("guarantee_terms", text, field=name)


CHECKS = (
    Check(
        39,
        _("The guarantees on record are what their issuers signed"),
        terms,
        is_private=True,
        since=("bidding:lot:opened",),
    ),
)
