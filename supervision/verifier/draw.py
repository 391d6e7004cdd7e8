"""Pure. Checks 23 and 24: who chose the panel. Nobody did: three committed seeds and a frozen pool.

23. Every draw was asked for after the opening; its commitments came before the pool was frozen and its seeds after;
    seeds fit their commitments, and the order that the log says is the one that follows; one draw is not void.
24. Those asked were the first of that order, each who fell out was followed by the next of the same order, and the
    seats of the complete panel are those who accepted. Everybody answered for himself, and whatever follows from a
    step was left by whoever left that step.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from experts import drawing_record
from experts.events import SHOWN_ORDER
from experts.lottery import (
    ROLES,
    DrawRecord,
    Pool,
    Request,
    Seat,
    exclusions,
    final_seed,
    pool_root,
    recompute,
    replacement,
)
from ledger.errors import Reason, Refused, _
from supervision.verifier.belonging import draws_of
from supervision.verifier.case import Case, Happened, fault, missing, once_a_case
from supervision.verifier.check import Check, Found, Undone, each_lot
from supervision.verifier.secrecy import draw_is_public
from supervision.verifier.trust import Trust

REQUESTED, COMMITTED, FROZEN, REVEALED, DRAWN, VOIDED, COMPLETED = (
    "experts:draw:requested", "experts:seed:committed", "experts:pool:frozen", "experts:seed:revealed",
    "experts:draw:drawn", "experts:draw:voided", "experts:panel:completed",
)  # fmt: skip
INVITED, ANSWERED, LAPSED, VACATED, EXHAUSTED = (
    "experts:invitation:made", "experts:invitation:answered", "experts:invitation:lapsed", "experts:seat:vacated",
    "experts:pool:exhausted",
)  # fmt: skip
PANEL_OPEN = Undone(_("can be done once the panel is complete"))


@each_lot
def draws(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 23."""
    codes = draws_of(case, lot)
    live = [code for code in codes if not case.all(VOIDED, draw=code)]
    ended = case.first("bidding:lot:opened", lot=lot)
    if len(live) > 1:
        yield fault("draws", _("The lot has more than one draw that is not void."))
    for code in codes:
        asked = case.one(REQUESTED, draw=code)
        if ended is None or asked.index < ended.index:
            yield fault("draw_early", _("Experts were asked for before the opening was over."))
        yield from _one(case, code, asked)
        if not draw_is_public(case, code):
            yield PANEL_OPEN


def _one(case: Case, code: str, asked: Happened) -> Iterator[Reason]:
    request = case.record(Request, asked["digest"], _("the request of a draw"))
    if (request.id.hex(), request.seats) != (code, asked["seats"]):
        yield fault("draw_request", _("The request of the draw is not what its entry says."))
    yield from _in_order(case, code)
    if draw_is_public(case, code):
        yield from _outcome(case, code, request)


def _outcome(case: Case, code: str, request: Request) -> Iterator[Reason]:
    for frozen in case.all(FROZEN, draw=code):
        pool = case.record(Pool, frozen["root"], _("the pool of a draw"))
        size, fit = len(pool.lines), len(pool.lines) - len(exclusions(request, pool))
        if pool_root(pool) != frozen["root"] or (frozen["size"], frozen["candidates"]) != (size, fit):
            yield fault("pool", _("The pool of the draw is not what its entry says."))
    for drawn in case.all(DRAWN, draw=code):
        yield from _drawn(case, code, drawn)
    for done in case.all(COMPLETED, draw=code):
        yield from _published(case, code, done)


def _in_order(case: Case, code: str) -> Iterator[Reason]:
    """Request, three commitments, pool, three seeds, order: by their places in the log."""
    committed, revealed = case.all(COMMITTED, draw=code), case.all(REVEALED, draw=code)
    frozen, drawn = case.all(FROZEN, draw=code), case.all(DRAWN, draw=code)
    if len({one["body"] for one in committed}) < len(committed) or len({one["body"] for one in revealed}) < len(
        revealed
    ):
        yield fault("seed_twice", _("A body committed to a seed, or showed one, twice."))
    steps = [*case.all(REQUESTED, draw=code), *committed, *frozen, *revealed, *drawn]
    if [one.index for one in steps] != sorted(one.index for one in steps) or len(frozen) > 1 or len(drawn) > 1:
        yield fault("draw_order", _("The steps of the draw did not come in their order."))
    if (frozen and len(committed) < len(ROLES)) or (drawn and len(revealed) < len(ROLES)):
        yield fault("draw_steps", _("A step of the draw was passed over."))


@once_a_case
def drawing(case: Case, code: str) -> DrawRecord:
    """What decides the draw, out of the log alone."""
    asked, frozen = case.one(REQUESTED, draw=code), case.one(FROZEN, draw=code)
    return DrawRecord(
        request=case.record(Request, asked["digest"], _("the request of a draw")),
        commitments=tuple(case.one(COMMITTED, draw=code, body=body)["commitment"] for body in ROLES),
        pool=case.record(Pool, frozen["root"], _("the pool of a draw")),
        seeds=tuple(case.one(REVEALED, draw=code, body=body)["seed"] for body in ROLES),
    )


def _drawn(case: Case, code: str, entry: Happened) -> Iterator[Reason]:
    made = drawing(case, code)
    order = recompute(made).order[:SHOWN_ORDER]
    root, digest = case.one(FROZEN, draw=code)["root"], case.one(REQUESTED, draw=code)["digest"]
    if (entry["root"], entry["digest"], entry["seed"], entry["order"]) != (root, digest, final_seed(made), order):
        yield fault("drawn", _("The order of the draw is not the one that follows from seeds and pool."))


def _published(case: Case, code: str, entry: Happened) -> Iterator[Reason]:
    data = case.object(entry["record"], _("the drawing record"))
    found, _claimed = drawing_record.read(data)
    if found != drawing(case, code) or drawing_record.differences(data):
        yield fault("drawing", _("The published drawing record is not that of the log."))


class Replay:
    """The invitations of a draw played again: who is here, who is gone, who must be asked next."""

    def __init__(self, made: DrawRecord) -> None:
        self.made = made
        result = recompute(made)
        self.expected: list[Seat | str] = list(result.seats)
        self.here: dict[str, Seat] = {}
        self.gone: set[str] = set()
        self.numbers: dict[int, str] = {}

    def invited(self, code: str) -> bool:
        """Whether it was this one's turn."""
        if not self.expected:
            return False
        turn = self.expected.pop(0)
        if not isinstance(turn, Seat) or turn.code != code:
            return False
        self.here[code] = turn
        return True

    def exhausted(self, speciality: str) -> bool:
        """Whether nobody was left for this speciality."""
        return bool(self.expected) and self.expected.pop(0) == speciality

    def accepted(self, code: str) -> bool:
        """The candidate takes the lowest free seat."""
        if code not in self.here or code in self.numbers.values():
            return False
        self.numbers[next(number for number in count(1) if number not in self.numbers)] = code
        return True

    def left(self, code: str) -> bool:
        """The candidate falls out; the next of the same order must follow."""
        leaving = self.here.get(code)
        if leaving is None:
            return False
        seats = list(self.here.values())
        del self.here[code]
        self.gone.add(code)
        self.numbers = {number: seat for number, seat in self.numbers.items() if seat != code}
        try:
            self.expected.append(replacement(self.made, seats, frozenset(self.gone), leaving))
        except Refused as refusal:
            if refusal.codes != ["experts.pool_exhausted"]:
                raise
            self.expected.append(leaving.speciality)
        return True

    @property
    def seats(self) -> tuple[str, ...]:
        """Those who accepted, by seat number."""
        return tuple(self.numbers[number] for number in sorted(self.numbers))


@each_lot
def panels(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 24."""
    for code in draws_of(case, lot):
        if not draw_is_public(case, code):
            yield PANEL_OPEN
        elif case.all(DRAWN, draw=code):
            yield from _replayed(case, code)
        elif any(case.all(tag, draw=code) for tag in (INVITED, ANSWERED, LAPSED, VACATED, COMPLETED)):
            yield fault("asked_early", _("Somebody was asked for the panel before the draw."))


def _replayed(case: Case, code: str) -> Iterator[Reason]:
    replay = Replay(drawing(case, code))
    tags = (INVITED, ANSWERED, LAPSED, VACATED, EXHAUSTED, COMPLETED)
    steps = sorted((one for tag in tags for one in case.all(tag, draw=code)), key=lambda one: one.index)
    for one in steps:
        if not _step(replay, one):
            text = _("Entry %(index)s (%(tag)s) does not follow from the order of the draw.")
            yield fault("panel", text, index=one.index, tag=one.tag)
    yield from _followed(case.one(DRAWN, draw=code), steps)
    if replay.expected and not case.all(VOIDED, draw=code):
        yield fault("not_asked", _("Somebody whose turn it was in the draw was not asked."))


def _followed(drawn: Happened, steps: list[Happened]) -> Iterator[Reason]:
    """Answers are the candidates' own; what follows from a step is of the same act, so of the same hand."""
    hand = drawn.by
    for one in steps:
        if one.tag in {ANSWERED, LAPSED, VACATED}:
            hand = one.by
        if hand != one.by or (one.tag == ANSWERED and one.by != one["candidate"]):
            text = _("Entry %(index)s (%(tag)s) was left by somebody who may not do this.")
            yield fault("actor", text, index=one.index, tag=one.tag)


def _step(replay: Replay, one: Happened) -> bool:
    if one.tag == INVITED:
        return replay.invited(one["candidate"])
    if one.tag == EXHAUSTED:
        return replay.exhausted(one["speciality"])
    if one.tag == COMPLETED:
        return len(replay.seats) == replay.made.request.seats and one["seats"] == replay.seats
    if one.tag == ANSWERED and one["accepted"]:
        return one.by == one["candidate"] and replay.accepted(one["candidate"])
    return replay.left(one["seat"] if one.tag == VACATED else one["candidate"])


def panel_of(case: Case, lot: str) -> tuple[str, ...]:
    """The seats of the lot's complete panel, by number, as last completed; `Missing` without one."""
    found = [one for code in draws_of(case, lot) for one in case.all(COMPLETED, draw=code)]
    if not found:
        raise missing(_("a complete panel"))
    seats: tuple[str, ...] = found[-1]["seats"]
    return seats


CHECKS = (
    Check(23, _("The draw of experts follows from the committed seeds and the frozen pool"), draws, since=(REQUESTED,)),
    Check(24, _("The panel was filled in the order of the draw"), panels, since=(DRAWN,)),
)
