"""Check 30: signatures of members that stand under something else, or for another seat."""

from __future__ import annotations

from supervision.verifier.belonging import ENROLLED
from supervision.verifier.judging import EVALUATED, SIGNED
from supervision.verifier.sheets import SIGNED as SHEET_SIGNED
from supervision.verifier.sheets import disclosed
from tests.supervision.forger import Forger, Lie

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"


def of_another_lot(forger: Forger) -> None:
    """A member of another lot is said to have signed this report."""
    forger.say(forger.case.all(SIGNED, lot=THREE)[0], digest=forger.case.all(SIGNED, lot=ONE)[0]["digest"])


def another_seat(tag: str, lot: str = ONE) -> Lie:
    """A member signed for the seat of another too."""

    def lie(forger: Forger) -> None:
        one, two = forger.case.all(tag, lot=lot)[:2]
        forger.say(one, seat=two["seat"])

    return lie


def exchanged_seats(forger: Forger) -> None:
    """Two members signed the report for each other's seat."""
    one, two = forger.case.all(SIGNED, lot=ONE)[:2]
    forger.say(one, seat=two["seat"])
    forger.say(two, seat=one["seat"])


def same_account(forger: Forger) -> None:
    """All certificates were issued to one account."""
    for one in forger.case.all(ENROLLED):
        forger.say(one, account="somebody")


def unknown(forger: Forger) -> None:
    """No certificate was issued to anybody."""
    for one in forger.case.all(ENROLLED):
        forger.drop(one)


def unknown_one(forger: Forger) -> None:
    """One member signed with a certificate that was issued to nobody."""
    one = forger.case.all(SHEET_SIGNED, lot=ONE)[0]
    signature = forger.case.objects[one["signature"].hex()]
    signer = forger.trust.signer(disclosed(forger.case, one).record, signature, one.at)
    forger.drop(forger.case.one(ENROLLED, fingerprint=signer.fingerprint))


def paper_gone(name: str) -> Lie:
    """A document of the report is not here."""

    def lie(forger: Forger) -> None:
        forger.objects.pop(forger.case.one(EVALUATED, lot=ONE)[name].hex(), None)

    return lie


def signature_gone(forger: Forger) -> None:
    """A member's signature is not here."""
    forger.objects.pop(forger.case.all(SHEET_SIGNED, lot=ONE)[0]["signature"].hex())


LIES: list[tuple[int, str, str, Lie]] = [
    (30, "whole", what, lie) for what, lie in (
        ("a member of another lot under this report", of_another_lot),
        ("a sheet for another's seat", another_seat(SHEET_SIGNED)),
        ("a report for another's seat", another_seat(SIGNED)),
        ("a report of the other lot for another's seat", another_seat(SIGNED, THREE)),
        ("two seats exchanged", exchanged_seats),
        ("everybody one person", same_account),
        ("nobody's certificate", unknown),
        ("one certificate nobody's", unknown_one),
        ("no paper of the report", paper_gone("paper")),
        ("no table of the report", paper_gone("table")),
        ("no signature of a sheet", signature_gone),
    )
]  # fmt: skip
