"""Pure. Checks 15 to 17: every receipt was honoured, and too few bids opened nothing.

15. Every envelope was stamped before the deadline, and nothing stamped before it was refused as late, no
    withdrawal either; receipt numbers and submissions are used once.
16. What is live after replacements and withdrawals is exactly what the closing entry counts, with the same digests;
    a new custody sheet made stale what was live before it, and nothing else.
17. A lot with fewer bids than the law asks for failed and nothing of it was opened; no other lot failed for that. A
    failed lot was noticed as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from operator import le, lt

from bidding.submission.count import Envelopes, counted_in
from ledger.canon import Malformed
from ledger.errors import Reason, _
from supervision.verifier.case import Case, Happened, fault, missing, sha256
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.custody import brought
from supervision.verifier.notice import deadline_of, line_of, procedure_of
from supervision.verifier.trust import Trust
from trading.records import FailureNotice

SEALED, WITHDRAWN = "bidding:envelope:sealed", "bidding:envelope:withdrawn"
REFUSED, KEPT = "bidding:envelope:refused", "bidding:withdrawal:refused"  # KEPT: a withdrawal that was refused
CLOSED, FAILED = "bidding:lot:closed", "bidding:lot:failed"
STALE = "bidding:envelopes:stale"
LATE = "bidding.late"
CAUSES = {"few_bids": FAILED, "none_opened": "bidding:opening:failed", "all_rejected": "evaluation:lot:failed"}
AT_ONCE = timedelta(days=1)
Before = Callable[[datetime, datetime], bool]
OPENING = (
    "bidding:hall:opened", "bidding:share:released", "bidding:envelope:decided", "bidding:prices:read",
    "bidding:record:signed", "bidding:lot:opened",
)  # fmt: skip


def is_revealed(case: Case, lot: str) -> bool:
    """Whether the veil over the bids of a lot should be off: its prices were read, or it failed for want of bids."""
    return bool(case.all("bidding:prices:read", lot=lot) or case.all(FAILED, lot=lot))


@each_lot
def stamps(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 15."""
    deadline = deadline_of(case, lot)
    for one in (*case.all(SEALED, lot=lot), *case.all(WITHDRAWN, lot=lot)):
        if one["stamp"] >= deadline:
            text = _("What has the receipt %(number)s came after the deadline and was taken.")
            yield fault("late", text, number=one["number"])
        if one.at < one["stamp"]:
            text = _("The receipt %(number)s is older than what it is for.")
            yield fault("receipt_early", text, number=one["number"])
    for one in (*case.all(REFUSED, lot=lot), *case.all(KEPT, lot=lot)):
        if LATE in one["codes"] and one["stamp"] < deadline_of(case, lot, one.index):
            text = _("What has the receipt %(number)s was refused as late and came in time.")
            yield fault("not_late", text, number=one["number"])
    yield from _twice(case, lot)


def _twice(case: Case, lot: str) -> Iterator[Reason]:
    given = [one["number"] for tag in (SEALED, WITHDRAWN, REFUSED, KEPT) for one in case.all(tag, lot=lot)]
    taken = [one["submission"] for one in case.all(SEALED, lot=lot)]
    text = _("The receipt number or submission %(number)s was used twice.")
    for number, count in Counter([*given, *taken]).items():
        if count > 1:
            yield fault("number_twice", text, number=number)


def gone(case: Case, lot: str) -> set[str]:
    """The receipt numbers of the envelopes that a receipt replaces or withdraws, or that a new sheet made stale."""
    found = {one["replaces"] for one in case.all(SEALED, lot=lot)} | {
        one["withdraws"] for one in case.all(WITHDRAWN, lot=lot)
    }
    return found | {number for one in case.all(STALE, lot=lot) for number in one["numbers"]}


def live(case: Case, lot: str) -> list[Happened]:
    """The envelopes that are not gone, by their receipt numbers."""
    over = gone(case, lot)
    found = [one for one in case.all(SEALED, lot=lot) if one["number"] not in over]
    return sorted(found, key=lambda one: str(one["number"]))


def closed_envelopes(case: Case, closing: Happened) -> Envelopes:
    """What a closing entry counts; `Missing` without the list that it names, or when that is another entry's."""
    what = _("the list of the counted bids")
    try:
        return counted_in(closing.entry.values, lambda digest: case.object(digest, what))
    except Malformed:
        raise missing(what) from None


@each_lot
def counted(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 16. Until the veil is off, the closing entry stands alone and only its own count can be asked."""
    for closing in case.all(CLOSED, lot=lot):
        named = [(one.number, one.digest, one.header) for one in closed_envelopes(case, closing)]
        if closing["count"] != len(named) or named != sorted(set(named)):
            yield fault("count", _("The closing entry does not count what it names."))
        receipted = [(one["number"], one["digest"], one["header"]) for one in live(case, lot)]
        if is_revealed(case, lot) and named != receipted:
            yield fault("closing", _("The closing entry is not what the receipts add up to."))
        if not any(one.index < closing.index for one in case.all("trading:lot:closing", lot=lot)):
            yield fault("closing_early", _("The bids were counted before the deadline was called."))
    yield from _stale(case, lot)
    if len(case.all(CLOSED, lot=lot)) > 1:
        yield fault("closed_twice", _("The bids of the lot were counted twice."))
    yield from _chain(case, lot)


def _stale(case: Case, lot: str) -> Iterator[Reason]:
    """Every new sheet made stale exactly what was live when it came, and nothing else was made stale."""
    if not is_revealed(case, lot):
        return
    came, told = brought(case, lot)[1:], case.all(STALE, lot=lot)
    if sorted((one.at, sha256(one["sheet"])) for one in came) != sorted((one.at, one["sheet"]) for one in told):
        yield fault("stale", _("Not every new custody sheet says which envelopes it made stale."))
    for one in told:
        # What bears the very instant of the new sheet may have come before or after it.
        surely, perhaps = _live_at(case, lot, one.at, lt, le), _live_at(case, lot, one.at, le, lt)
        if not surely <= set(one["numbers"]) <= perhaps or one["numbers"] != tuple(sorted(set(one["numbers"]))):
            yield fault("stale_other", _("An envelope was made stale that was not live, or a live one was not."))


def _live_at(case: Case, lot: str, at: datetime, came: Before, went: Before) -> set[str]:
    """The receipts that were live at an instant, `came` and `went` saying what counts as before it."""
    sealed = [one for one in case.all(SEALED, lot=lot) if came(one.at, at)]
    gone = {one["replaces"] for one in sealed}
    gone |= {one["withdraws"] for one in case.all(WITHDRAWN, lot=lot) if went(one.at, at)}
    gone |= {number for one in case.all(STALE, lot=lot) if one.at < at for number in one["numbers"]}
    return {one["number"] for one in sealed} - gone


def _chain(case: Case, lot: str) -> Iterator[Reason]:
    """Every step names an earlier envelope that was live until then, and no two steps name the same."""
    sealed = {one["number"]: one for one in case.all(SEALED, lot=lot)}
    steps = [(one, one["replaces"]) for one in sealed.values() if one["replaces"] is not None]
    steps += [(one, one["withdraws"]) for one in case.all(WITHDRAWN, lot=lot)]
    for number, count in Counter(number for _step, number in steps).items():
        if count > 1:
            yield fault("replaced_twice", _("The envelope %(number)s was replaced or withdrawn twice."), number=number)
    for step, number in steps:
        if number not in sealed or sealed[number]["stamp"] > step["stamp"]:
            text = _("The receipt %(number)s replaces or withdraws what was not there before it.")
            yield fault("replaces", text, number=step["number"])


@each_lot
def minimum(case: Case, trust: Trust, lot: str) -> Found:
    """Check 17."""
    yield from _noticed(case, lot)
    closing, failed = case.last(CLOSED, lot=lot), case.all(FAILED, lot=lot)
    opened = [one for tag in OPENING for one in case.all(tag, lot=lot)]
    least = procedure_of(case, trust).least_bidders
    if closing is None:
        if failed or opened:
            yield fault("uncounted_opened", _("The lot was opened or failed without a count of its bids."))
        return
    for one in failed:
        if (one["count"], one["least"]) != (closing["count"], least) or closing["count"] >= least:
            yield fault("failed", _("The lot was declared failed for want of bids, and the count says otherwise."))
    if closing["count"] < least and opened:
        yield fault("few_opened", _("Fewer bids than the law asks for, and still something was opened."))
    if closing["count"] < least and not failed and max(one.at for one in case.open) > closing.at + AT_ONCE:
        yield fault("not_failed", _("Fewer bids than the law asks for, and the lot was not declared failed."))
    for one in opened:
        if one.index < closing.index:
            text = _("Something was opened (entry %(index)s) before the bids were counted.")
            yield fault("opened_early", text, index=one.index)


def _noticed(case: Case, lot: str) -> Iterator[Reason]:
    """The notice of a failure says what the entry says that it rests on."""
    for entry in case.all("trading:failure:noticed", lot=lot):
        record = case.record(FailureNotice, entry["digest"], _("the notice of the failure"))
        cause = case.one(CAUSES.get(entry["cause"], ""), lot=lot)
        counts = (cause.entry.values.get("count"), cause.entry.values.get("least"))
        said = (record.lot, record.title, record.cause, record.bids, record.least, record.noticed, record.entry)
        so = (lot, line_of(case, lot).title, entry["cause"], *counts, entry.at, cause.index)
        if said != so or entry.index < cause.index:
            yield fault("failure_notice", _("The notice of the failure says what the log does not say."))


CHECKS = (
    Check(
        15,
        _("What was taken came before the deadline, what was refused as late did not"),
        stamps,
        since=(SEALED, WITHDRAWN, REFUSED, KEPT),
    ),
    Check(16, _("The count of the bids is what the receipts add up to"), counted, since=(CLOSED,)),
    Check(17, _("With too few bids nothing was opened"), minimum, since=(CLOSED,)),
)
