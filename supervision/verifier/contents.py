"""Pure. Checks 36 to 38, which need the private evidence: what lay in the envelopes.

36. The sealed files are those of the receipts; the custodians' shares fit the commitments in the envelopes and in their
    signed statements.
37. Every envelope, opened again from these shares, gives what was decided and read: stanza rebuilt, signature, files,
    bidder, price and days, or the same failure on the same side. The opening record states of each (quality, manager)
    what lies in it.
38. The experts' pool avoided every bidder and every body around the tender.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from bidding.envelope import stanza
from bidding.envelope.header import parse_header
from bidding.envelope.policy import BIDDER
from bidding.envelope.receiving import check_header
from bidding.envelope.sheet import policy_of
from bidding.hall.opening_record import OpeningRecord
from bidding.opening.deciding import OTHER_BIDDER, STORED_DIFFERS, Checks, Failed, Receipted, Unsealed, open_envelope
from bidding.opening.events import ReadBid
from bidding.opening.opened import days_of
from bidding.opening.statement import KeptBatch, Statement
from experts.lottery import Pool, tie
from ledger.canon import decode
from ledger.errors import Reason, Refused, _
from supervision.verifier.belonging import REGISTERED, bodies, draws_of
from supervision.verifier.case import Case, Happened, fault, missing
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.custody import sheet_of
from supervision.verifier.envelopes import CLOSED, SEALED, closed_envelopes
from supervision.verifier.opening import DECIDED, GIVEN, RELEASED, readout_of
from supervision.verifier.record import ENDED
from supervision.verifier.secrecy import is_unsealed
from supervision.verifier.trust import Trust
from trading.money import cents

FROZEN = "experts:pool:frozen"
HEADER = 8192


def batch_of(case: Case, entry: Happened) -> KeptBatch:
    """The shares that a custodian gave; `Missing` without them."""
    name = f"{entry['lot']}/{entry['leaf']}.batch"
    if name not in case.private:
        raise missing(_("a custodian's shares"))
    return decode(KeptBatch, case.private[name])


@each_lot
def shares(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 36."""
    if not is_unsealed(case, lot):
        return
    for one in closed_envelopes(case, case.one(CLOSED, lot=lot)):
        yield from _file(case, lot, one.number)
    for entry in case.all(GIVEN, lot=lot):
        if entry["commitment"] != _commitment(case, lot, BIDDER, entry["receipt"], own_share_of(case, entry)):
            yield fault("own_share", _("A bidder's own share is not the one that its entry commits to."))
    for entry in case.all(RELEASED, lot=lot):
        said = case.record(Statement, entry["statement"], _("a custodian's statement"))
        batch = batch_of(case, entry)
        if (batch.leaf, [one.receipt for one in batch.shares]) != (entry["leaf"], [one.receipt for one in said.pieces]):
            yield fault("batch", _("The shares of custodian %(leaf)s are not complete."), leaf=entry["leaf"])
        for piece, kept in zip(said.pieces, batch.shares, strict=True):
            if kept.share is None or piece.commitment is None:
                good = kept.share is None and piece.commitment is None
            else:
                good = piece.commitment == _commitment(case, lot, entry["leaf"], kept.receipt, kept.share)
            if not good:
                text = _("A share of custodian %(leaf)s is not the one that the statement commits to.")
                yield fault("share", text, leaf=entry["leaf"])


def _file(case: Case, lot: str, number: str) -> Iterator[Reason]:
    sealed = case.one(SEALED, lot=lot, number=number)
    decided = case.one(DECIDED, lot=lot, receipt=number)
    data = case.objects.get(sealed["digest"].hex())
    if data is None:
        if decided["reason"] != STORED_DIFFERS.code:
            raise missing(_("a sealed file"))
    elif len(data) != sealed["size"] or check_form(case, lot, sealed, data) != sealed["header"]:
        yield fault("sealed_file", _("The sealed file %(number)s is not the one of its receipt."), number=number)


def check_form(case: Case, lot: str, sealed: Happened, data: bytes) -> bytes:
    """The digest of the header of a sealed file. Refused bidding.* for its form."""
    facts = {"sheet": sheet_of(case, lot), "submission": sealed["submission"], "size": len(data)}
    return check_header(data[:HEADER], **facts).digest


def _commitment(case: Case, lot: str, leaf: str, number: str, share: bytes) -> bytes:
    """The commitment that stands in the envelope for this share. Refused bidding.share_mismatch."""
    sealed = case.one(SEALED, lot=lot, number=number)
    data = case.object(sealed["digest"], _("a sealed file"))
    opening = stanza.read(parse_header(data[:HEADER]).stanzas[0])
    index = policy_of(sheet_of(case, lot)).labels.index(leaf)
    stanza.check_share(opening, index, share)
    return stanza.commitment(opening.context, opening.share, index, share)


@each_lot
def contents(case: Case, trust: Trust, lot: str) -> Found:
    """Check 37."""
    if not is_unsealed(case, lot):
        return
    read = {one.number: one for one in readout_of(case, lot).bids}
    for decided in case.all(DECIDED, lot=lot):
        sealed = case.one(SEALED, lot=lot, number=decided["receipt"])
        given = given_for(case, lot, decided)
        if not policy_of(sheet_of(case, lot)).satisfied(given):
            continue  # check 20 says whether that was a reason not to open it
        try:
            found = opened(case, trust, sealed, given)
        except Failed as failure:
            if (decided["reason"], decided["side"]) != (failure.reason.code, str(failure.side)):
                text = _("The envelope %(number)s does not open (%(why)s), and that is not what was decided.")
                yield fault("contents", text, number=decided["number"], why=failure.reason.code)
            continue
        if decided["reason"] == OTHER_BIDDER.code:
            continue  # whose handle it came under is for the house alone to know
        bid = read.get(decided["number"])
        if bid is None or not _same(found, bid):
            text = _("What lies in envelope %(number)s is not what was read out.")
            yield fault("contents", text, number=decided["number"])
        if [(item.name, item.value) for item in found.manifest.items] not in stated(case, lot, decided["number"]):
            text = _("What the opening record states of envelope %(number)s is not what lies in it.")
            yield fault("stated", text, number=decided["number"])


def stated(case: Case, lot: str, number: int) -> list[list[tuple[str, str]]]:
    """What the opening record states besides price and days, for every line of it about this envelope."""
    record = case.record(OpeningRecord, case.one(ENDED, lot=lot)["record"], _("the opening record"))
    return [[(item.name, item.value) for item in bid.items] for bid in record.bids if bid.number == number]


def given_for(case: Case, lot: str, decided: Happened) -> dict[int, bytes]:
    """The shares that were given for an envelope before it was decided, by leaf index."""
    labels = policy_of(sheet_of(case, lot)).labels
    found = {}
    for entry in case.all(RELEASED, lot=lot):
        if entry.index < decided.index:
            share = share_in(batch_of(case, entry), decided["receipt"])
            if share is not None:
                found[labels.index(entry["leaf"])] = share
    for entry in case.all(GIVEN, lot=lot, receipt=decided["receipt"]):
        if entry.index < decided.index:
            found[labels.index(BIDDER)] = own_share_of(case, entry)
    return found


def share_in(batch: KeptBatch, receipt: str) -> bytes | None:
    """The share of one envelope, None where the custodian could give none; `Missing` if nothing is said of it."""
    shares = {one.receipt: one.share for one in batch.shares}
    if receipt not in shares:
        raise missing(_("a custodian's shares"))
    return shares[receipt]


def own_share_of(case: Case, entry: Happened) -> bytes:
    """The share that a bidder gave of the own envelope; `Missing` without it."""
    share = case.private.get(f"{entry['lot']}/{entry['receipt']}.share")
    if share is None:
        raise missing(_("a bidder's own share"))
    return share


def opened(case: Case, trust: Trust, sealed: Happened, given: dict[int, bytes]) -> Unsealed:
    """Open an envelope again, by the steps by which the house opened it."""

    def signed(data: bytes, signature: bytes, credit_code: str) -> None:
        signer = trust.signer(data, signature, sealed["stamp"])
        if not case.all(REGISTERED, credit_code=credit_code):
            raise Refused(Reason("bidding.unknown_party", ""))
        if signer.credit_code != credit_code:
            raise Refused(Reason("signature.not_yours", ""))

    data = case.objects.get(sealed["digest"].hex(), b"")
    receipted = Receipted(
        submission=sealed["submission"], digest=sealed["digest"], header_digest=sealed["header"], size=sealed["size"],
        handle="", sheet=sheet_of(case, sealed["lot"]),
    )  # fmt: skip
    checks = Checks(signed=signed, handle=lambda _code: "")
    return open_envelope(io.BufferedReader(io.BytesIO(data)), receipted, given, checks)


def _same(found: Unsealed, bid: ReadBid) -> bool:
    manifest = found.manifest
    inside = (manifest.credit_code, manifest.name, cents(manifest.price), days_of(manifest.items))
    return inside == (bid.credit_code, bid.name, bid.price, bid.days)


@each_lot
def avoided(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 38."""
    for code in draws_of(case, lot):
        for frozen in case.all(FROZEN, draw=code):
            salt = case.private.get(f"{code}.salt")
            if salt is None:
                raise missing(_("the salt of a draw"))
            pool = case.record(Pool, frozen["root"], _("the pool of a draw"))
            read = readout_of(case, lot)
            firms = {bid.credit_code for bid in read.bids}
            firms |= {bid.credit_code for bid in read.failed if bid.credit_code}
            firms |= {body.credit_code for body in bodies(case).values()}
            if not {tie(salt, firm) for firm in firms} <= set(pool.avoided):
                yield fault("avoided", _("The pool of the draw did not avoid everybody whom it had to avoid."))


CHECKS = (
    Check(
        36,
        _("Sealed files and shares are those that were receipted and committed to"),
        shares,
        is_private=True,
        since=("bidding:lot:opened",),
    ),
    Check(
        37,
        _("What lies in the envelopes is what was decided and read"),
        contents,
        is_private=True,
        since=("bidding:lot:opened",),
    ),
    Check(38, _("The draw avoided every bidder and body of the tender"), avoided, is_private=True, since=(FROZEN,)),
)
