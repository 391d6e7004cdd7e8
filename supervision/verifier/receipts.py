"""Pure. Check 45: the verifier's own receipts against the bundle.

45. Every receipt that the verifier holds is signed by the platform and about this tender; once the veil over its lot
    is off, its leaf stands in the log and was lifted to what the receipt says; an envelope that it is for was counted
    and decided, unless a receipt in the log replaces or withdraws it or a new custody sheet made it stale; a withdrawn
    one was not counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from bidding.submission.receipt import CheckedReceipt, check_receipt, parse_receipt
from ledger import merkle
from ledger.errors import Reason, _
from supervision.verifier.case import Case, Happened, fault
from supervision.verifier.check import Check, Found, Undone, caught
from supervision.verifier.envelopes import CLOSED, closed_envelopes, gone, is_revealed
from supervision.verifier.opening import DECIDED, READ
from supervision.verifier.trust import Trust

NO_RECEIPTS = Undone(_("asks for your own receipts (--receipt)"))
STILL_VEILED = Undone(_("can be done in full once the prices of the lot were read"))


def receipts(case: Case, trust: Trust) -> Found:
    """Check 45."""
    if not trust.receipts:
        yield NO_RECEIPTS
    for text in trust.receipts:
        yield from caught(_receipt(case, trust, text))


def _receipt(case: Case, trust: Trust, text: str) -> Found:
    held = check_receipt(parse_receipt(text), trust.roots)
    lot, number = held.entry.values["lot"], held.number
    if lot not in case.lots:
        yield fault("receipt_other", _("The receipt %(number)s is about another tender."), number=number)
        return
    yield from _stands(case, lot, held)
    if held.kind == "sealed":
        yield from _honoured(case, lot, held)
    if held.kind == "withdrawn":
        withdrawn = held.entry.values["withdraws"]
        if any(withdrawn in _counted(case, closing) for closing in case.all(CLOSED, lot=lot)):
            text_ = _("The envelope that the receipt %(number)s withdraws was counted all the same.")
            yield fault("receipt_withdrawn", text_, number=number)


def _stands(case: Case, lot: str, held: CheckedReceipt) -> Found:
    """Whether the leaf of a receipt is there and open; until the veil is off it may lie in the log alone."""
    if not is_revealed(case, lot):
        yield STILL_VEILED
        return
    places = [one.index for one in case.leaves if merkle.leaf_hash(one.leaf) == held.leaf_hash]
    if not any(one.index in places and one.leaf == held.receipt.entry for one in case.inner):
        text = _("What has the receipt %(number)s is not in the log of this tender.")
        yield fault("receipt_lost", text, number=held.number)


def _honoured(case: Case, lot: str, held: CheckedReceipt) -> Iterator[Reason]:
    """Whether the envelope of a receipt was counted and decided, or went by another receipt or sheet."""
    if held.number in gone(case, lot):
        return
    for closing in case.all(CLOSED, lot=lot):
        # Until the veil is off nobody sees what replaced it.
        if is_revealed(case, lot) and _counted(case, closing).get(held.number) != held.entry.values["digest"]:
            text = _("The envelope of the receipt %(number)s was not counted, and nothing replaced it.")
            yield fault("receipt_uncounted", text, number=held.number)
    for _read in case.all(READ, lot=lot):
        if not case.all(DECIDED, lot=lot, receipt=held.number):
            text = _("The envelope of the receipt %(number)s was never decided.")
            yield fault("receipt_undecided", text, number=held.number)


def _counted(case: Case, closing: Happened) -> dict[str, bytes]:
    """The digests that a closing entry counts, by receipt number."""
    return {one.number: one.digest for one in closed_envelopes(case, closing)}


CHECKS = (Check(45, _("Your own receipts were honoured"), receipts),)
