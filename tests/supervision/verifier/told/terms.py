"""Check 39: guarantees that are not what their issuers signed, in lots with and without a bond."""

from __future__ import annotations

from decimal import Decimal

from supervision.verifier.belonging import RECOGNISED
from supervision.verifier.opening import DECIDED
from supervision.verifier.record import ENDED
from supervision.verifier.terms import LODGED
from tests.supervision.forger import Forger, Lie
from tests.supervision.verifier.told.contents import none_for, shares, statement
from tests.supervision.verifier.told.notice import both, first_line

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"


def recognised(lot: str = ONE, at: int = 0, **said: object) -> Lie:
    """A guarantee of a lot is on record with something else."""
    return lambda forger: forger.say(forger.case.all(RECOGNISED, lot=lot)[at], **said)


def everywhere(forger: Forger) -> None:
    """Every guarantee on record has another amount."""
    for one in forger.case.all(RECOGNISED):
        forger.say(one, amount=Decimal("1.00"))


def unlodged(at: int) -> Lie:
    """A cover of the first lot was never lodged."""
    return lambda forger: forger.drop(forger.case.all(LODGED, lot=ONE)[at])


def lodged_turned(forger: Forger) -> None:
    """The covers were lodged in another order."""
    ones = forger.case.all(LODGED, lot=ONE)
    for one, two in zip(ones, ones[::-1], strict=True):
        forger.say(one, digest=two["digest"])


def lodged_elsewhere(forger: Forger) -> None:
    """The covers of one lot were lodged for the other one."""
    for one in forger.case.all(LODGED, lot=ONE):
        forger.say(one, lot=THREE)


def cover_gone(forger: Forger) -> None:
    """A sealed cover is not here."""
    forger.objects.pop(forger.case.all(LODGED, lot=ONE)[0]["digest"].hex())


def recognised_elsewhere(forger: Forger) -> None:
    """A bidder has a guarantee of another amount in the other lot."""
    one = forger.case.all(RECOGNISED, lot=ONE)[0]
    forger.double(one, lot=THREE, amount=Decimal("1.00"))


def recognised_twice(forger: Forger) -> None:
    """A bidder has two guarantees, and the second is not what was promised."""
    one = forger.case.all(RECOGNISED, lot=ONE)[0]
    forger.double(one, amount=Decimal("1.00"))


def unopened(forger: Forger) -> None:
    """The first bid was not opened."""
    forger.say(forger.case.one(DECIDED, lot=ONE, number=1), state="failed")


def unsealed_later(*lies: Lie) -> Lie:
    """The log as it was before the opening was over."""

    def lie(forger: Forger) -> None:
        both(*lies)(forger)
        forger.cut(forger.case.one(ENDED, lot=ONE).index - 1)

    return lie


NO_BOND = first_line(bond=Decimal("0.00"))
LIES: list[tuple[int, str, str, Lie]] = [
    (39, "whole", what, lie) for what, lie in (
        ("a guarantee of another kind", recognised(kind="bond")),
        ("a guarantee with another number", recognised(number="BH-0")),
        ("a guarantee of another amount", recognised(amount=Decimal("200000.01"))),
        ("a guarantee of another amount in the other lot", recognised(THREE, amount=Decimal("1.00"))),
        ("two guarantees of another amount", both(
            recognised(amount=Decimal("1.00")), recognised(at=1, amount=Decimal("2.00")))),
        ("every guarantee of another amount", everywhere),
        ("no bond, and no guarantee that fits", both(everywhere, NO_BOND)),
        ("another amount before the end of the opening", unsealed_later(everywhere)),
        ("the first cover was never lodged", unlodged(0)),
        ("the last cover was never lodged", unlodged(-1)),
        ("the covers in another order", lodged_turned),
        ("another amount of a bid that was not opened", both(unopened, recognised(amount=Decimal("1.00")))),
        ("the covers of one lot lodged for the other", lodged_elsewhere),
        ("a sealed cover that is not here", cover_gone),
        ("a guarantee of another amount in a lot without a bid", recognised_elsewhere),
        ("two guarantees, the second of another amount", recognised_twice),
        ("a bid that cannot be opened", none_for(1, "a", "c")),
        ("neither share nor promise of a bid", both(shares(lambda all_: all_[1:]), statement(lambda all_: all_[1:]))),
    )
]  # fmt: skip
