"""Checks 25 to 29: other members, votes and sheets, sheets that came back, ties, lots that failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bidding.opening.events import ReadBid
from evaluation.events import LotFailed, SheetsReturned, TieDecided
from evaluation.sheet import AdmissionSheet, Failing, ScoreSheet, VoteLine
from ledger.events import Stamp, write_entry
from supervision.verifier.case import PUBLIC, Case, Happened
from supervision.verifier.draw import COMPLETED
from supervision.verifier.judging import (
    ADMITTED,
    ELECTED,
    ENTERED,
    EVALUATED,
    MADE,
    ROOM,
    SCORED,
    SIGNED,
    VOTED,
)
from supervision.verifier.opening import READ
from supervision.verifier.result import PUBLISHED
from supervision.verifier.sheets import SIGNED as SHEET_SIGNED
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.judged import Scores, Told, Votes, failed, judged, same
from tests.supervision.verifier.told.places import beside, in_one_place

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"


def failed_on_another(forger: Forger) -> None:
    """Nothing was admitted in lot 3, and it was declared failed on another report."""
    judged(Told(THREE, votes=rejected(0, 1, 2)))(forger)
    failed(made=b"")(forger)


def by_a_stranger(tag: str) -> Lie:
    """An entry about lot 1 that a member of the panel of lot 3 left."""
    return lambda forger: forger.say(forger.case.one(tag, lot=ONE), by=forger.case.one(ROOM, lot=THREE)["seats"][0])


def left_besides(*events: Any, by: str = "stranger") -> Lie:
    """These entries are there besides, left by a stranger."""

    def lie(forger: Forger) -> None:
        at = forger.case.one(MADE, lot=ONE).at
        forger.append(*(write_entry(one, Stamp(bytes([number] * 16), at, by)) for number, one in enumerate(events)))

    return lie


def panels(case: Case) -> list[Happened]:
    """The complete panels of lot 1."""
    return case.all(COMPLETED, draw=case.all(COMPLETED)[0]["draw"])


def another_panel(*, first: bool = False, room: bool = False) -> Lie:
    """The panel of lot 1 was complete twice, with the seats turned round, before the other one or after it."""

    def lie(forger: Forger) -> None:
        one, opened = panels(forger.case)[0], forger.case.one(ROOM, lot=ONE)
        seats = one["seats"][::-1]
        data = written(changed(one.entry, id=other(one.id), seats=seats))
        forger.leaves[one.index - 1 if first else opened.index - 1] = data
        if room:
            forger.say(opened, seats=seats)

    return lie


def panel_of_another(forger: Forger) -> None:
    """The panel of lot 3 was complete before the room of lot 1 was opened."""
    forger.leaves[forger.case.one(ROOM, lot=ONE).index - 1] = forger.case.all(COMPLETED)[-1].leaf


def panel_where_the_room_opened(case: Case) -> tuple[Happened, Happened]:
    """The panel, and the room in one place."""
    return panels(case)[0], case.one(ROOM, lot=ONE)


def voted(choices: Callable[[Sequence[str]], Sequence[str]], leader: int) -> Lie:
    """The members of lot 1 voted so, and that one leads."""

    def lie(forger: Forger) -> None:
        seats = forger.case.one(ROOM, lot=ONE)["seats"]
        for one, choice in zip(forger.case.all(VOTED, lot=ONE), choices(seats), strict=True):
            forger.say(one, choice=choice)
        forger.say(forger.case.one(ELECTED, lot=ONE), leader=seats[leader])

    return lie


def of_the_other_panel(forger: Forger) -> None:
    """A vote for a member of the panel of lot 3."""
    forger.say(forger.case.all(VOTED, lot=ONE)[0], choice=forger.case.one(ROOM, lot=THREE)["seats"][0])


def twice(tag: str) -> Lie:
    """A member entered, or voted, twice."""

    def lie(forger: Forger) -> None:
        room, one = forger.case.one(ROOM, lot=ONE), forger.case.all(tag, lot=ONE)[0]
        forger.leaves[room.index - 1] = written(changed(one.entry, id=other(one.id)))

    return lie


def turned(part: str, lot: str = ONE) -> Lie:
    """Two members signed in the other order."""

    def lie(forger: Forger) -> None:
        forger.exchange(*forger.case.all(SHEET_SIGNED, lot=lot, part=part)[:2])

    return lie


def in_order(lie: Lie) -> Lie:
    """The first two admission sheets of lot 1, as a lie tells them, stand in each other's place."""

    def turns(forger: Forger) -> None:
        lie(forger)
        one, two = forger.case.all(SHEET_SIGNED, lot=ONE, part="admission")[:2]
        forger.leaves[one.index], forger.leaves[two.index] = forger.leaves[two.index], forger.leaves[one.index]

    return turns


def shown_where(case: Case) -> tuple[Happened, Happened]:
    """The first disclosure of an admission sheet, and the last signature of one."""
    ones = case.all(SHEET_SIGNED, lot=ONE, part="admission")
    return case.disclosed[ones[0].id, "record"], ones[-1]


def not_counted(forger: Forger) -> None:
    """The admission sheets of lot 3 were neither shown nor counted yet."""
    forger.drop(forger.case.one(ADMITTED, lot=THREE))
    for one in forger.case.all(SHEET_SIGNED, lot=THREE, part="admission"):
        forger.drop(forger.case.disclosed[one.id, "record"])


def one_more_sheet(**values: Any) -> Lie:
    """A score sheet that was not counted, and never shown."""
    return lambda forger: forger.double(forger.case.all(SHEET_SIGNED, lot=ONE, part="scores")[0], **values)


def rejected(*bids: int) -> Votes:
    """Every member finds that these bids do not meet the first item, and meet all others."""

    def votes(at: int, sheet: AdmissionSheet) -> AdmissionSheet:
        lines = tuple(
            VoteLine(line.bid, (number not in bids, *(True for _item in sheet.items[1:])))
            for number, line in enumerate(sheet.lines)
        )
        found = tuple(Failing(sheet.lines[bid].bid, sheet.items[0], f"page {at}") for bid in bids)
        return replace(sheet, lines=lines, failings=found)

    return votes


def one_price(bids: tuple[ReadBid, ...]) -> tuple[ReadBid, ...]:
    """The second bid costs what the first one does."""
    return (bids[0], replace(bids[1], price=bids[0].price), *bids[2:])


def tied(*order: int) -> Lie:
    """Two bids of lot 3 cost the same; the panel put them in this order, or in none."""

    def lie(forger: Forger) -> None:
        codes = [bid.code for bid in forger.case.one(READ, lot=THREE)["bids"]]
        tie = (tuple(codes[at] for at in order), "the shorter time") if order else None
        judged(Told(THREE, read=one_price, tie=tie))(forger)

    return lie


def tied_elsewhere(forger: Forger) -> None:
    """Two bids of lot 3 cost the same and were put in order; afterwards nothing was, in lot 1."""
    tied(1, 0)(forger)
    left_besides(TieDecided(ONE, (), ""))(forger)


def objective(text: str) -> str:
    """The quality is a matter of fact."""
    return text.replace('"objective":false,"title":"Quality', '"objective":true,"title":"Quality')


def points(*, at: int, bid: int = 0, item: int = 1, to: str = "1") -> Scores:
    """One member gives one item of one bid other points."""

    def scores(seat: int, sheet: ScoreSheet) -> ScoreSheet:
        if seat != at:
            return sheet
        line = sheet.lines[bid]
        row = (*line.points[:item], Decimal(to), *line.points[item + 1 :])
        return replace(sheet, lines=(*sheet.lines[:bid], replace(line, points=row), *sheet.lines[bid + 1 :]))

    return scores


def came_back(*editions: Scores, items: Sequence[tuple[int, str]] | None = ((0, "quality"),), **told: Any) -> Lie:
    """Score sheets of lot 1 came back for these items of bids, and were signed anew."""

    def lie(forger: Forger) -> None:
        bids = forger.case.one(ADMITTED, lot=ONE)["admitted"]
        disputed = None if items is None else tuple(f"{bids[bid]}/{item}" for bid, item in items)
        judged(Told(scores=editions, text=objective, disputed=disputed, **told))(forger)

    return lie


def returned_elsewhere(forger: Forger) -> None:
    """Score sheets of lot 3 came back for the same item as those of lot 1."""
    came_back(points(at=1), same)(forger)
    left_besides(SheetsReturned(THREE, 2, ()))(forger)


def not_yet_public(forger: Forger) -> None:
    """What everybody may see before there are candidates."""
    forger.case = replace(forger.case, kind=PUBLIC, _worked_out={})
    for one in forger.case.all(PUBLISHED):
        forger.drop(one)


LEFT = (ELECTED, ADMITTED, SCORED, MADE, EVALUATED)
LIES: list[tuple[int, str, str, Lie]] = [
    *((25, "whole", f"{tag} by a stranger", by_a_stranger(tag)) for tag in LEFT),
    *((25, "whole", what, lie) for what, lie in (
        ("strangers send sheets back, decide a tie, declare a failure", left_besides(
            SheetsReturned(ONE, 2, ()), TieDecided(ONE, (), ""), LotFailed(ONE, bytes(32)))),
        ("a stranger in another lot", left_besides(LotFailed("x", bytes(32)))),
        ("a room for an earlier panel", another_panel()),
        ("a room for a later panel", another_panel(room=True)),
        ("a panel after another one", another_panel(first=True)),
        ("a panel complete where the room was opened", in_one_place(panel_where_the_room_opened)),
        ("a panel of another lot before the room", panel_of_another),
        ("a member entered where the leader was elected", beside(ENTERED, ELECTED)),
        ("a member voted where the leader was elected", beside(VOTED, ELECTED)),
        ("a member entered after the leader was elected", lambda forger: forger.exchange(
            forger.case.all(ENTERED, lot=ONE)[0], forger.case.one(ELECTED, lot=ONE))),
        ("a member voted after the leader was elected", lambda forger: forger.exchange(
            forger.case.all(VOTED, lot=ONE)[0], forger.case.one(ELECTED, lot=ONE))),
        ("everybody voted for himself", voted(list, 0)),
        ("everybody voted for himself, and the second leads", voted(list, 1)),
        ("everybody voted for the last", voted(lambda seats: [seats[-1]] * 5, -1)),
        ("a vote for a member of another panel", of_the_other_panel),
        ("a member entered twice", twice(ENTERED)),
        ("a member voted twice", twice(VOTED)),
    )),
    *((26, "whole", what, lie) for what, lie in (
        ("a sheet shown where the last was signed", in_one_place(shown_where)),
        ("sheets that are not counted yet", not_counted),
        ("a sheet of an edition that was not counted", one_more_sheet(edition=2)),
        ("a sheet of no edition", one_more_sheet(edition=0)),
        ("a sheet signed in another lot", one_more_sheet(lot="x")),
    )),
    *((number, "whole", what, lie) for number in (26, 27, 28) for what, lie in (
        ("admission sheets signed in another order", turned("admission")),
        ("admission sheets of lot 3 signed in another order", turned("admission", THREE)),
        ("score sheets signed in another order", turned("scores")),
        ("other bids rejected, for other reasons", judged(Told(votes=rejected(0, 1)))),
        ("another bid rejected, in sheets signed in another order", in_order(judged(Told(votes=rejected(1))))),
        ("sheets that came back", came_back(points(at=1), same)),
        ("sheets that came back twice", came_back(points(at=1), points(at=2), same)),
        ("sheets that came back and were not mended", came_back(points(at=1), points(at=1))),
        ("sheets that came back for nothing", came_back(same, same, items=())),
        ("sheets that came back for another item", came_back(points(at=1), same, items=((0, "plan"),))),
        ("sheets that came back for one item more", came_back(
            points(at=1), same, items=((0, "quality"), (1, "quality")))),
        ("sheets that came back, and nobody said so", came_back(points(at=1), same, items=None)),
        ("sheets that came back, with more changed", came_back(points(at=1), points(at=3, item=0))),
        ("sheets that came back, with another bid changed", came_back(
            points(at=1), lambda seat, sheet: points(at=seat, bid=1)(seat, sheet))),
        ("sheets of lot 3 that came back too", returned_elsewhere),
    )),
    *((28, "whole", what, lie) for what, lie in (
        ("two bids at one price", tied()),
        ("two bids at one price, put in order", tied(1, 0)),
        ("two bids at one price, put in the order in which they stand", tied(0, 1)),
        ("two bids at one price, put in order before no bids of lot 1", tied_elsewhere),
        ("a score sheet in a lot without scores", one_more_sheet(lot=THREE)),
        ("a report of nothing admitted", judged(Told(THREE, votes=rejected(0, 1, 2)))),
        ("a report that is not public yet", not_yet_public),
    )),
    *((29, "whole", what, lie) for what, lie in (
        ("a report signed where the evaluation ended", beside(SIGNED, EVALUATED)),
        ("a lot that failed, with nothing admitted", judged(Told(THREE, votes=rejected(0, 1, 2), fails=True))),
        ("a lot that failed, with nothing admitted, on another report", failed_on_another),
        ("a lot that failed, although bids were admitted", failed()),
        ("a lot that failed, although bids were admitted, on another report", failed(made=b"")),
    )),
]  # fmt: skip
