"""Checking a receipt for whoever holds it, step by step, against the log and the closing entry (sealing.md, "Receipt").

Enters: a receipt file as parsed JSON. Leaves: five numbered steps, each with its result in plain words: the words, the
signature, the timestamp, the leaf in the public log, the place in the count. Nothing is stored, and nothing is told
that the receipt does not say, except whether a later receipt of the same bidder took its place.

The platform signed the record alone. What is attached to it, the timestamp and the inclusion proof, anybody can change
or take away: where it does not hold, the page says so, asks the site for its own, and blames nobody for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from bidding.custody.stale import stale_numbers
from bidding.models import Envelope
from bidding.opening.counted import closing_entry, counted
from bidding.submission.inclusion import as_facts, check_inclusion
from bidding.submission.receipt import CheckedReceipt, check_receipt, parse_receipt, parts_of, timestamp_in
from bidding.submission.receipts import Answer, answer_numbered, proof_of, timestamp_of
from bidding.submission.standing import live
from bidding.submission.standings import moves
from ledger import note, timestamps
from ledger.errors import Reason, Refused
from ledger.sequencer import log_key
from trading import authority, timestamping
from trading.models import Lot
from trading.periods import local
from trading.telling import told

GOOD, BAD, WAIT, NOT_DONE = "good", "halt", "busy", "still"
SIGNATURE = ("signature.", "bidding.receipt_signer")
File = Mapping[str, object]
Found = tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True)
class Step:
    """One check: its title, its result as a tone, what was found, and the attached part of the file that is damaged."""

    title: str
    tone: str
    words: str
    damaged: str = ""

    @property
    def result(self) -> str:
        """The result in one word."""
        words = {GOOD: gettext("holds"), BAD: gettext("does not hold"), WAIT: gettext("not yet")}
        return words.get(self.tone, gettext("not asked"))


@dataclass(frozen=True)
class Verdict:
    """What was found; `checked` None when the file is no receipt of the platform."""

    steps: tuple[Step, ...]
    checked: CheckedReceipt | None
    reasons: tuple[Reason, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against what the platform signed."""
        return self.checked is not None and all(step.tone != BAD for step in self.steps)

    @property
    def damaged(self) -> list[str]:
        """The attached parts, which nobody of the platform signed, that do not hold: "timestamp", "proof"."""
        return [step.damaged for step in self.steps if step.damaged]


def titles() -> tuple[str, str, str, str, str]:
    """The five checks."""
    return (
        gettext("It is a receipt, and its words are those of the signed record"),
        gettext("The platform signed it"),
        gettext("A timestamp authority saw the signature"),
        gettext("Its sealed entry is in the public log"),
        gettext("The count of the bids honours it"),
    )


def verify_text(text: str) -> Verdict:
    """The same of a file as it was pasted."""
    try:
        return verify(parse_receipt(text))
    except Refused as refusal:
        return Verdict(_unsigned(refusal), None, refusal.reasons)


def verify(file: File) -> Verdict:
    """All five steps; those that build on a broken one are not done."""
    words, signed, *rest = titles()
    try:
        checked = check_receipt(file, authority.roots())
    except Refused as refusal:
        return Verdict(_unsigned(refusal), None, refusal.reasons)
    first = Step(words, GOOD, gettext("Kind, instant, digests and number are what the signed record says."))
    signer = checked.signer.subject.rfc4514_string()
    second = Step(signed, GOOD, gettext("Signed by %(name)s, whose certificate is trusted.") % {"name": signer})
    given = answer_numbered(checked.number)
    checks: tuple[Callable[[File, CheckedReceipt, Answer | None], Found], ...] = (_time, _leaf, _count)
    found = (Step(title, *check(file, checked, given)) for title, check in zip(rest, checks, strict=True))
    return Verdict((first, second, *found), checked)


def _beside(found: Found, part: str, text: str) -> Found:
    """What was found without an attached part, and that the part does not hold."""
    return found[0], f"{text} {found[1]}", part


def _unsigned(refusal: Refused) -> tuple[Step, ...]:
    words, signed, *rest = titles()
    said = told(refusal.reasons[0])
    not_done = gettext("Not looked at, since the receipt is not the platform's.")
    if refusal.codes[0].startswith(SIGNATURE):
        first = (Step(words, GOOD, gettext("Its form is that of a receipt.")), Step(signed, BAD, said))
    else:
        first = (Step(words, BAD, said), Step(signed, NOT_DONE, not_done))
    return (*first, *(Step(title, NOT_DONE, not_done) for title in rest))


def _time(file: File, _checked: CheckedReceipt, given: Answer | None) -> Found:
    """The timestamp in the file, or else the one that the platform holds."""
    signature = parts_of(file)[1]
    try:
        attached = timestamp_in(file)
        if attached is not None:
            return _stamped(attached, signature)
    except Refused:
        text = gettext(
            "The attached timestamp does not hold or was damaged; it is not signed by the platform. "
            "The site was asked for its own."
        )
        return _beside(_own_time(signature, given), "timestamp", text)
    return _own_time(signature, given)


def _own_time(signature: bytes, given: Answer | None) -> Found:
    """The receipt promises no timestamp: one that does not hold is none."""
    stamped = timestamp_of(given) if given is not None and bytes(given.signature) == signature else None
    if stamped is None:
        return WAIT, gettext("There is none yet. It comes within a minute of the receipt.")
    try:
        return _stamped(bytes(stamped.token), signature)
    except Refused as refusal:
        return WAIT, told(refusal.reasons[0])


def _stamped(token: bytes, signature: bytes) -> Found:
    at = timestamps.check(token, signature, timestamping.roots())
    return GOOD, gettext("The signature existed at %(at)s.") % {"at": f"{local(at):%Y-%m-%d %H:%M:%S %z}"}


def _leaf(file: File, checked: CheckedReceipt, given: Answer | None) -> Found:
    """The veiled leaf, opened by the salt in the receipt, under a checkpoint that the log signed."""
    if given is None or bytes(given.entry.leaf) != checked.receipt.leaf:
        text = gettext("The platform signed this receipt and does not hold its entry. Keep it, and complain.")
        return BAD, text
    try:
        if "proof" in file:
            return _included(checked, file["proof"])
    except Refused:
        text = gettext(
            "The attached proof does not hold or was damaged; it is not signed by the platform. "
            "The site was asked for its own."
        )
        return _beside(_own_proof(checked, given), "proof", text)
    return _own_proof(checked, given)


def _own_proof(checked: CheckedReceipt, given: Answer) -> Found:
    proof = proof_of(given)
    if proof is None:
        return WAIT, gettext("It is on its way into the log, in a round of sealed entries. Ask again in a minute.")
    try:
        return _included(checked, as_facts(proof.index, proof.size, proof.path, proof.checkpoint))
    except Refused as refusal:
        return BAD, told(refusal.reasons[0])


def _included(checked: CheckedReceipt, facts: object) -> Found:
    public = note.raw_public(log_key().public_key())
    checkpoint = check_inclusion(checked.leaf_hash, facts, settings.LOG_ORIGIN, public)
    text = gettext("The salt in the receipt opens its leaf, which is under the signed checkpoint of size %(size)s.")
    return GOOD, text % {"size": checkpoint.size}


def _count(_file: File, checked: CheckedReceipt, given: Answer | None) -> Found:
    """The closing entry: a live envelope is in it, a refused or withdrawn one is not."""
    says = checked.entry.values
    lot = Lot.objects.select_related("tender").filter(code=says["lot"]).first()
    if lot is None or given is None or says["round"] != lot.tender.round:
        return NOT_DONE, gettext("The receipt is about another round than the present one.")
    if closing_entry(lot) is None:
        return WAIT, gettext("The bids of the lot are not counted yet; they are after the deadline.")
    named = {one.number: one for one in counted(lot)}
    if checked.kind == "not_withdrawn":
        return _still_counted(str(says["withdraws"]), named, live(moves(lot, given.handle)))
    if checked.kind != "sealed":
        return _not_counted(checked, named)
    mine = named.get(checked.number)
    if mine is not None and (mine.digest, mine.header) == (says["digest"], says["header"]):
        return GOOD, gettext("The closing entry names this receipt, with the digest of the file and of its header.")
    if mine is None and isinstance(given, Envelope) and live(moves(lot, given.handle)) != checked.number:
        if checked.number in stale_numbers(lot, given.handle):
            text = gettext("It is not counted: a new custody sheet came by an addendum, and bids were sealed anew.")
            return GOOD, text
        return GOOD, gettext("It is not counted, because a later receipt of the same bidder took its place.")
    return BAD, gettext("The closing entry does not name this receipt as it must. Keep it, and complain.")


def _still_counted(withdraws: str, named: Mapping[str, object], living: str | None) -> Found:
    """What a refused withdrawal left as it was."""
    if withdraws and withdraws == living and withdraws not in named:
        return BAD, gettext("The closing entry does not count the bid that was not withdrawn. Keep it, and complain.")
    return GOOD, gettext("The withdrawal was refused: the closing entry counts as if none had come.")


def _not_counted(checked: CheckedReceipt, named: Mapping[str, object]) -> Found:
    gone = checked.entry.values.get("withdraws", checked.number)
    if gone in named:
        return BAD, gettext("The closing entry counts what was withdrawn or refused. Keep the receipt, and complain.")
    return GOOD, gettext("The closing entry does not count it, as it must be.")
