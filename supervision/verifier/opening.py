"""Pure. Checks 18 to 21: the hall, the custodians' shares, what became of each envelope, and the prices.

18. The hall was opened on the closing entry, and its envelopes were numbered by their stamps.
19. Every release is a complete, signed statement of the custodian who stands in the sheet, over the counted envelopes;
    before any envelope was decided the releases in the log satisfied the policy, and under a policy with `b` every
    bidder's own share was in, or its window over.
20. Every counted envelope was decided once, and in the way that the custodians' statements allow.
21. Prices were read once, after every envelope was decided; every opened envelope is in the reading with a registered
    bidder, every other one with its reason; bids above the ceiling are marked and no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bidding.envelope.policy import BIDDER, Policy
from bidding.envelope.sheet import policy_of, sheet_digest
from bidding.opening.events import FailedBid, ReadBid, Readout
from bidding.opening.opened import invalidity
from bidding.opening.statement import Statement
from ledger.canon import encode
from ledger.errors import Reason, _
from supervision.verifier.belonging import REGISTERED
from supervision.verifier.case import Case, Happened, fault
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.custody import sheet_of
from supervision.verifier.envelopes import CLOSED, SEALED, closed_envelopes, is_revealed
from supervision.verifier.notice import line_of
from supervision.verifier.trust import Trust

HALL, RELEASED, DECIDED, READ = (
    "bidding:hall:opened", "bidding:share:released", "bidding:envelope:decided", "bidding:prices:read",
)  # fmt: skip
WINDOW, GIVEN, OVER = "bidding:window:opened", "bidding:share:given", "bidding:window:closed"
RESTS = ("bidding:opening:resumed", "bidding:opening:interrupted")
ENDED_WAIT = "bidding:waiting:ended"
CLOSED_LEAF, TOO_FEW, NO_OWN_SHARE = "bidding.leaf_closed", "bidding.too_few", "bidding.no_own_share"
OPENED, FAILED = "opened", "failed"


@each_lot
def hall(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 18."""
    opened = case.all(HALL, lot=lot)
    if not opened:
        return
    entry, closing = case.one(HALL, lot=lot), case.one(CLOSED, lot=lot)
    numbered = entry["envelopes"]
    if entry["closing"] != closing.index or sorted(one.receipt for one in numbered) != [
        one.number for one in closed_envelopes(case, closing)
    ]:
        yield fault("hall", _("The hall was opened on something else than the closing entry."))
    if [one.number for one in numbered] != list(range(1, len(numbered) + 1)) or len(
        {one.code for one in numbered}
    ) != len(numbered):
        yield fault("numbers", _("The envelopes in the hall are not numbered one after the other."))
    if is_revealed(case, lot):
        stamps = {one["number"]: one["stamp"] for one in case.all(SEALED, lot=lot)}
        order = [stamps[one.receipt] for one in numbered]
        if order != sorted(order):
            yield fault("stamps", _("The envelopes in the hall are not numbered in the order of their stamps."))
    for one in case.all("bidding:hall:joined", lot=lot):
        if one["receipt"] not in {two.number for two in closed_envelopes(case, closing)}:
            yield fault("joined", _("Somebody signed in for an envelope that was not counted."))


@each_lot
def releases(case: Case, trust: Trust, lot: str) -> Found:
    """Check 19."""
    given = case.all(RELEASED, lot=lot)
    if not given and not case.all(DECIDED, lot=lot):
        return
    sheet = sheet_of(case, lot)
    policy = policy_of(sheet)
    for leaf, count in Counter(one["leaf"] for one in given).items():
        if count > 1:
            yield fault("released_twice", _("Custodian %(leaf)s gave shares twice."), leaf=leaf)
    for one in given:
        yield from _statement(case, trust, one)
    for decided in case.all(DECIDED, lot=lot)[:1]:
        came = [one["leaf"] for one in given if one.index < decided.index]
        given_up = any(one.index < decided.index for one in case.all(ENDED_WAIT, lot=lot))
        if not given_up and not policy.satisfied(own_leaf(policy) | {policy.labels.index(leaf) for leaf in came}):
            yield fault("quorum", _("An envelope was decided before enough custodians had come."))
    for ended in case.all(ENDED_WAIT, lot=lot):
        if sorted(ended["came"]) != sorted(one["leaf"] for one in given):
            yield fault("waiting", _("The wait for custodians was ended otherwise than the releases say."))
    if policy.asks_bidder:
        yield from _window(case, lot)


def own_leaf(policy: Policy) -> set[int]:
    """The index of the bidder's leaf, where the policy has one."""
    return {leaf.index for leaf in policy.leaves if leaf.label == BIDDER}


def _window(case: Case, lot: str) -> Iterator[Reason]:
    """Every bidder's share was in, or its window over, before the first envelope was decided."""
    opened, over = case.one(WINDOW, lot=lot), case.first(OVER, lot=lot)
    given, decided = case.all(GIVEN, lot=lot), case.first(DECIDED, lot=lot)
    if over is None or len(case.all(OVER, lot=lot)) > 1 or (decided is not None and decided.index < over.index):
        yield fault("window", _("An envelope was decided while bidders' own shares were still awaited."))
        return
    rests = [one["windows"].shares for tag in RESTS for one in case.all(tag, lot=lot)]
    until = max([opened["until"], *(at for at in rests if at is not None)])
    receipts = {one.receipt for one in case.one(HALL, lot=lot)["envelopes"]}
    missing_ = receipts - {one["receipt"] for one in given}
    late = any(one.index > over.index or one.at >= until for one in given)
    if late or set(over["missing"]) != missing_ or (missing_ and over.at < until):
        yield fault("window_said", _("The window for bidders' own shares was not kept as it was set."))


def _statement(case: Case, trust: Trust, entry: Happened) -> Iterator[Reason]:
    sheet, closing = sheet_of(case, entry["lot"]), case.one(CLOSED, lot=entry["lot"])
    leaf = next((one for one in sheet.leaves if one.label == entry["leaf"]), None)
    said = case.record(Statement, entry["statement"], _("a custodian's statement"))
    signature = case.object(entry["signature"], _("a custodian's signature"))
    signer = trust.signer(encode(said), signature, entry.at)
    facts = {"leaf": entry["leaf"]}
    if leaf is None or not (signer.fingerprint == entry["certificate"] == leaf.certificate):
        yield fault("release_signer", _("The shares of %(leaf)s were not given by its custodian."), **facts)
    if (said.lot, said.round, said.sheet, said.leaf) != (sheet.lot, sheet.round, sheet_digest(sheet), entry["leaf"]):
        yield fault("release_other", _("The statement of custodian %(leaf)s is about something else."), **facts)
    pieces = [(one.receipt, one.header) for one in said.pieces]
    closed = tuple(one.receipt for one in said.pieces if one.commitment is None)
    counted = [(one.number, one.header) for one in closed_envelopes(case, closing)]
    if pieces != counted or (entry["count"], entry["closed"]) != (len(counted), closed):
        yield fault("release_pieces", _("The statement of custodian %(leaf)s is not complete."), **facts)
    if entry.index < closing.index:
        yield fault("release_early", _("Custodian %(leaf)s gave shares before the bids were counted."), **facts)


@each_lot
def decisions(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 20."""
    decided = case.all(DECIDED, lot=lot)
    numbered = {one.number: one for entry in case.all(HALL, lot=lot) for one in entry["envelopes"]}
    for number, count in Counter(one["number"] for one in decided).items():
        if count > 1 or number not in numbered:
            text = _("The envelope %(number)s was decided twice, or is not in the hall.")
            yield fault("decided_twice", text, number=number)
    if case.all(READ, lot=lot) and {one["number"] for one in decided} != set(numbered):
        yield fault("undecided", _("Prices were read and not every envelope was decided."))
    for one in decided:
        if one["number"] in numbered and numbered[one["number"]].receipt != one["receipt"]:
            yield fault("decided_other", _("A decision names the receipt of another envelope."))
        yield from _way(case, lot, one)
    yield from _refuted(case, lot)
    for one in case.all("bidding:testimony:rebutted", lot=lot):
        said = case.all(DECIDED, lot=lot, number=one["number"], receipt=one["receipt"], reason=CLOSED_LEAF)
        if not any(two["side"] == "bidder" and two.index < one.index for two in said):
            yield fault("rebutted", _("A testimony was rebutted that nobody gave."))


def _way(case: Case, lot: str, decided: Happened) -> Iterator[Reason]:
    """Whether the statements in the log before the decision allow it."""
    policy = policy_of(sheet_of(case, lot))
    open_, closed = _said(case, policy, decided)
    state, reason, side = decided["state"], decided["reason"], decided["side"]
    own, everybody = own_leaf(policy), {leaf.index for leaf in policy.leaves}
    asked = own if not policy.satisfied(everybody - own) else set()
    if reason == CLOSED_LEAF:
        fits = policy.satisfied(closed | asked) and not policy.satisfied(open_)
    elif reason == NO_OWN_SHARE:
        fits = not policy.satisfied(open_) and policy.satisfied(open_ | own)
    elif reason == TOO_FEW:
        ended = any(one.index < decided.index for one in case.all(ENDED_WAIT, lot=lot))
        came = everybody - own <= open_ | closed
        fits = (came or ended) and not policy.satisfied(closed) and not policy.satisfied(open_)
    else:
        fits = policy.satisfied(open_)
    if state not in {OPENED, FAILED} or (state == OPENED) is not (reason == side == "") or not fits:
        text = _("The custodians' statements do not allow what was decided about envelope %(number)s.")
        yield fault("decided", text, number=decided["number"])


def _said(case: Case, policy: Policy, decided: Happened) -> tuple[set[int], set[int]]:
    """The leaves that gave a share for the envelope before it was decided, and those that said it does not open."""
    own, closed = case.all(GIVEN, lot=decided["lot"], receipt=decided["receipt"]), set[int]()
    open_ = own_leaf(policy) if any(one.index < decided.index for one in own) else set()
    for one in case.all(RELEASED, lot=decided["lot"]):
        if one.index < decided.index:
            (closed if decided["receipt"] in one["closed"] else open_).add(policy.labels.index(one["leaf"]))
    return open_, closed


def _refuted(case: Case, lot: str) -> Iterator[Reason]:
    """A false "does not open" is recorded against its custodian when the envelope opened, and only then."""
    policy, wrong = policy_of(sheet_of(case, lot)), set()
    for decided in case.all(DECIDED, lot=lot, state=OPENED):
        wrong |= {(policy.labels[leaf], decided["receipt"]) for leaf in _said(case, policy, decided)[1]}
    if {(one["leaf"], one["receipt"]) for one in case.all("bidding:testimony:refuted", lot=lot)} != wrong:
        yield fault("refuted", _("What opened although a custodian denied it is not what the log holds against him."))


def readout_of(case: Case, lot: str) -> Readout:
    """What was read out; `Missing` without it."""
    return case.record(Readout, case.one(READ, lot=lot)["table"], _("the read-out"))


@each_lot
def prices(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 21."""
    if not case.all(READ, lot=lot):
        return
    entry, readout = case.one(READ, lot=lot), readout_of(case, lot)
    shown = (entry["bids"], entry["failed"])
    figures = (entry["opened"], entry["unopened"], readout.lot, readout.round)
    if (shown not in {(readout.bids, readout.failed), ((), ())}) or figures != (
        len(readout.bids), len(readout.failed), lot, entry["round"],
    ):  # fmt: skip
        yield fault("readout", _("The read-out is not what its entry says."))
    decided = {one["number"]: one for one in case.all(DECIDED, lot=lot)}
    if any(one.index > entry.index for one in decided.values()):
        yield fault("read_early", _("Prices were read before every envelope was decided."))
    codes = {one.number: one.code for one in case.one(HALL, lot=lot)["envelopes"]}
    if [one.number for one in readout.bids] != sorted(no for no, one in decided.items() if one["state"] == OPENED):
        yield fault("read_opened", _("Not every opened envelope, or another, was read out."))
    if [one.number for one in readout.failed] != sorted(no for no, one in decided.items() if one["state"] == FAILED):
        yield fault("read_failed", _("Not every envelope that did not open, or another, was read out as such."))
    for bid in readout.bids:
        yield from _read_bid(case, lot, bid, codes)
    for unopened in readout.failed:
        yield from _read_failed(case, unopened, decided[unopened.number], codes)


def _read_bid(case: Case, lot: str, bid: ReadBid, codes: dict[int, str]) -> Iterator[Reason]:
    known = case.all(REGISTERED, party=bid.party, credit_code=bid.credit_code, name=bid.name)
    if not known or codes.get(bid.number) != bid.code:
        yield fault("read_bidder", _("Bid %(number)s was read out under a wrong bidder or code."), number=bid.number)
    if bid.invalid != invalidity(bid.price, line_of(case, lot).ceiling):
        yield fault("ceiling", _("Bid %(number)s is marked wrongly against the ceiling."), number=bid.number)


def _read_failed(case: Case, bid: FailedBid, decided: Happened, codes: dict[int, str]) -> Iterator[Reason]:
    known = not bid.party or case.all(REGISTERED, party=bid.party, credit_code=bid.credit_code, name=bid.name)
    same = (bid.reason, bid.side, bid.code) == (decided["reason"], decided["side"], codes.get(bid.number))
    if not known or not same:
        text = _("The envelope %(number)s that did not open was read out wrongly.")
        yield fault("read_unopened", text, number=bid.number)


CHECKS = (
    Check(18, _("The hall was opened on the count of the bids"), hall, since=(HALL,)),
    Check(
        19,
        _("The custodians who are named in the sheet released the bids, after the count"),
        releases,
        since=(RELEASED, DECIDED),
    ),
    Check(20, _("Every counted envelope was decided as the custodians' shares allow"), decisions, since=(DECIDED,)),
    Check(21, _("All prices were read together, after the last envelope was decided"), prices, since=(READ,)),
)
