"""Checks 36 to 38: shares, statements and read-outs that do not fit the envelopes; pools that avoid too few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bidding.opening.deciding import OTHER_BIDDER, STORED_DIFFERS
from bidding.opening.events import ReadBid, Readout
from bidding.opening.statement import KeptBatch, Statement
from experts.lottery import Pool, tie
from ledger.canon import decode, encode
from supervision.verifier.belonging import bodies, draws_of
from supervision.verifier.contents import FROZEN
from supervision.verifier.envelopes import SEALED
from supervision.verifier.log import TRAIL
from supervision.verifier.opening import DECIDED, GIVEN, READ, RELEASED
from supervision.verifier.record import ENDED
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.envelopes import listed
from tests.supervision.verifier.told.record import bid, recorded

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
Shares = tuple[Any, ...]


def both(*lies: Lie) -> Lie:
    """Several lies."""

    def lie(forger: Forger) -> None:
        for one in lies:
            one(forger)

    return lie


def decided(number: int, **said: object) -> Lie:
    """Another decision about an envelope."""
    return lambda forger: forger.say(forger.case.one(DECIDED, lot=ONE, number=number), **said)


def receipt_of(forger: Forger, number: int) -> str:
    found: str = forger.case.one(DECIDED, lot=ONE, number=number)["receipt"]
    return found


def batch(leaf: str, to: Callable[[KeptBatch], KeptBatch]) -> Lie:
    """A custodian's shares are others."""

    def lie(forger: Forger) -> None:
        name = f"{ONE}/{leaf}.batch"
        forger.private[name] = encode(to(decode(KeptBatch, forger.private[name])))

    return lie


def shares(to: Callable[[Shares], Shares]) -> Lie:
    """Custodian a gave other shares."""
    return batch("a", lambda old: replace(old, shares=to(old.shares)))


def statement(to: Callable[[Shares], Shares], leaf: str = "a") -> Lie:
    """A custodian said something else of the shares."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(RELEASED, lot=ONE, leaf=leaf)
        old = forger.case.record(Statement, one["statement"], "")
        forger.say(one, statement=forger.put(encode(replace(old, pieces=to(old.pieces)))))

    return lie


def none_for(number: int, *leaves: str) -> Lie:
    """These custodians gave no share of an envelope, and said so."""

    def lie(forger: Forger) -> None:
        receipt = receipt_of(forger, number)
        for leaf in leaves:
            batch(leaf, lambda old: replace(old, shares=_without(old.shares, receipt, "share")))(forger)
            statement(lambda pieces: _without(pieces, receipt, "commitment"), leaf)(forger)

    return lie


def _without(ones: Shares, receipt: str, name: str) -> Shares:
    return tuple(replace(one, **{name: None}) if one.receipt == receipt else one for one in ones)


def first(ones: Shares, **to: object) -> Shares:
    return (replace(ones[0], **to), *ones[1:])


def read(number: int, **to: Any) -> Lie:
    """Something else was read of an envelope, in the entry and in the table alike."""

    def changed(bid: ReadBid) -> ReadBid:
        values = {name: of(getattr(bid, name)) if callable(of) else of for name, of in to.items()}
        return replace(bid, **values) if bid.number == number else bid

    return readout(lambda old: replace(old, bids=tuple(map(changed, old.bids))))


def unread(number: int) -> Lie:
    """An envelope was not read."""
    return readout(lambda old: replace(old, bids=tuple(bid for bid in old.bids if bid.number != number)))


def readout(to: Callable[[Readout], Readout]) -> Lie:
    def lie(forger: Forger) -> None:
        entry = forger.case.one(READ, lot=ONE)
        table = to(forger.case.record(Readout, entry["table"], ""))
        forger.say(entry, table=forger.put(encode(table)), bids=table.bids, failed=table.failed)

    return lie


def gone(forger: Forger) -> None:
    """The sealed file of the first envelope is not here."""
    forger.objects.pop(_sealed(forger)["digest"].hex())


def _sealed(forger: Forger) -> Any:
    return forger.case.one(SEALED, lot=ONE, number=receipt_of(forger, 1))


def cut_short(forger: Forger) -> None:
    """The sealed file of the first envelope under its name, and shorter."""
    name = _sealed(forger)["digest"].hex()
    forger.objects[name] = forger.objects[name][:-1]


def unsealed_later(*lies: Lie) -> Lie:
    """The log as it was before the opening was over."""

    def lie(forger: Forger) -> None:
        both(*lies)(forger)
        forger.cut(forger.case.one(ENDED, lot=ONE).index - 1)

    return lie


def late(tag: str, **values: object) -> Lie:
    """Given after the decisions."""

    def lie(forger: Forger) -> None:
        read_out = forger.case.one(READ, lot=ONE)
        count = next(one for one in forger.case.all(TRAIL) if read_out.index < one.index)
        forger.exchange(forger.case.one(tag, lot=ONE, **values), count)

    return lie


def late_own(number: int) -> Lie:
    """A bidder's own share was given after the decisions."""

    def lie(forger: Forger) -> None:
        late(GIVEN, receipt=receipt_of(forger, number))(forger)

    return lie


def own_gone(forger: Forger) -> None:
    """A bidder's own share is not here."""
    forger.private.pop(f"{ONE}/{receipt_of(forger, 1)}.share")


def same_number(tag: str, name: str) -> Lie:
    """Something of another lot under a receipt number of this one."""

    def lie(forger: Forger) -> None:
        forger.say(forger.case.all(tag, lot=THREE)[0], **{name: receipt_of(forger, 1)})

    return lie


def early_in_another_lot(forger: Forger) -> None:
    """An own share of another lot under a receipt number of this one, given before this one's decisions."""
    one, hall = forger.case.all(GIVEN, lot=THREE)[0], forger.case.one("bidding:hall:opened", lot=ONE)
    forger.leaves[hall.index] = written(changed(one.entry, receipt=receipt_of(forger, 1)))
    forger.leaves[one.index] = None


def own_other(forger: Forger) -> None:
    """A bidder's own share is another bidder's."""
    forger.private[f"{ONE}/{receipt_of(forger, 1)}.share"] = forger.private[f"{ONE}/{receipt_of(forger, 2)}.share"]


def forgets(whose: Callable[[Forger], str]) -> Lie:
    """The pool of the first lot's draw did not avoid one of them."""

    def lie(forger: Forger) -> None:
        code = draws_of(forger.case, ONE)[0]
        salt, entry = forger.private[f"{code}.salt"], forger.case.one(FROZEN, draw=code)
        pool = forger.case.record(Pool, entry["root"], "")
        avoided = tuple(one for one in pool.avoided if one != tie(salt, whose(forger)))
        assert len(avoided) < len(pool.avoided)
        forger.say(entry, root=forger.put(encode(replace(pool, avoided=avoided))))

    return lie


def firm(number: int) -> Callable[[Forger], str]:
    """The credit code that was read of an envelope."""

    def found(forger: Forger) -> str:
        table = forger.case.record(Readout, forger.case.one(READ, lot=ONE)["table"], "")
        codes = {bid.number: bid.credit_code for bid in table.bids} | {
            bid.number: bid.credit_code for bid in table.failed
        }
        return codes[number]

    return found


def body(name: str) -> Callable[[Forger], str]:
    """The credit code of a body around the tender."""
    return lambda forger: bodies(forger.case)[name].credit_code


WRONG = read(2, price=Decimal("1.00"))
LIES: list[tuple[int, str, str, Lie]] = [
    *((36, "whole", what, lie) for what, lie in (
        ("the shares of another leaf", batch("a", lambda old: replace(old, leaf="r"))),
        ("one share less", shares(lambda all_: all_[:-1])),
        ("one share and one piece less", both(shares(lambda all_: all_[:-1]), statement(lambda all_: all_[:-1]))),
        ("the shares turned about", shares(lambda all_: all_[::-1])),
        ("no share, and none promised", none_for(1, "a")),
        ("no share of one that was promised", shares(lambda all_: first(all_, share=None))),
        ("a share of one of which none was promised", statement(lambda all_: first(all_, commitment=None))),
        ("another share than was promised", statement(lambda all_: first(all_, commitment=bytes(32)))),
        ("no share in the first, another in the last", both(
            none_for(1, "a"), statement(lambda all_: (*all_[:-1], replace(all_[-1], commitment=bytes(32))), "c"))),
        ("files of bids that were counted in a list", listed()),
        ("a file that is gone", gone),
        ("a file that was gone at the opening", both(gone, decided(1, reason=STORED_DIFFERS.code))),
        ("a file that was gone at the opening, and no shares", both(
            gone, decided(1, reason=STORED_DIFFERS.code), none_for(1, "a", "c"))),
        ("a file that is shorter", cut_short),
        ("before the end of the opening", unsealed_later()),
        ("a receipt of another lot under the number of one", same_number(SEALED, "number")),
        ("one share less, before the end of the opening", unsealed_later(shares(lambda all_: all_[:-1]))),
    )),
    (36, "own", "a bidder's own share gone", own_gone),
    (36, "own", "a bidder's own share is another's", own_other),
    *((37, "whole", what, lie) for what, lie in (
        *((f"another {name} read", read(2, **{name: other})) for name in ("credit_code", "name", "price", "days")),
        ("an envelope that was not read", unread(2)),
        ("another price before the end of the opening", unsealed_later(WRONG)),
        ("another side of a failure", decided(5, side="other")),
        ("another reason of a failure", decided(5, reason="signature.other_data")),
        ("two envelopes of which something else was read", both(readout(lambda old: replace(
            old, bids=tuple(replace(one, price=Decimal("1.00")) for one in old.bids))))),
        ("another bidder's bid in an envelope", decided(1, state="failed", reason=OTHER_BIDDER.code, side="bidder")),
        ("another bidder's bid in an envelope, and another price in the next", both(
            decided(1, state="failed", reason=OTHER_BIDDER.code, side="bidder"), WRONG)),
        ("a file that is gone, and another price in the next envelope", both(gone, WRONG)),
        ("a failure, because a file was gone", both(
            gone, decided(1, state="failed", reason=STORED_DIFFERS.code, side="platform"))),
        ("one custodian's share missing of an envelope", none_for(1, "a")),
        *((f"neither share nor promise of the {which} envelope", both(shares(cut), statement(cut))) for which, cut in (
            ("first", lambda all_: all_[1:]), ("last", lambda all_: all_[:-1]),
        )),
        ("no share of an envelope, and another price in the next", both(none_for(1, "a", "c"), WRONG)),
        *((f"the opening record states {what}", recorded(bid(1, items=to))) for what, to in (
            ("something else", other), ("nothing", ()), ("it turned about", lambda old: old[::-1]),
            ("another name", lambda old: first(old, name="other")),
            ("another value", lambda old: first(old, value="other")),
        )),
        ("the opening record leaves an envelope out", recorded(lambda made: replace(made, bids=made.bids[1:]))),
        ("the opening record has an envelope twice", recorded(lambda made: replace(
            made, bids=(*made.bids, replace(made.bids[0], items=()))))),
        ("shares that came after the decisions", late(RELEASED, leaf="c")),
        ("another price, and shares that came after the decisions", both(late(RELEASED, leaf="c"), WRONG)),
    )),
    *((37, "own", what, lie) for what, lie in (
        ("a bidder's own share gone", own_gone),
        ("a bidder's own share is another's", own_other),
        ("a bidder's own share that came after the decisions", late_own(2)),
        ("an own share of another lot under the same number", early_in_another_lot),
        ("another price, and a bidder's own share that came after the decisions", both(late_own(2), WRONG)),
    )),
    *((38, "whole", what, lie) for what, lie in (
        ("a bidder not avoided", forgets(firm(1))),
        ("a bidder whose envelope failed not avoided", forgets(firm(5))),
        *((f"the {name} not avoided", forgets(body(name))) for name in ("purchaser", "agent", "centre", "regulator")),
    )),
]  # fmt: skip
