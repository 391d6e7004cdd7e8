"""Pure. Checks 25 to 29: the panel at work, and what follows from its sheets.

25. The room was opened for the complete panel under the method of the notice; every member entered and promised, and
    the one who leads was elected.
26. Every member signed every sheet once, before any sheet of that part was disclosed, by the act of the one who signed
    last; every sheet is whole, in range, made out for the seat that signed it, and for exactly the bids in question.
27. Which bids were admitted, which sheets came back and what was counted follows from the sheets.
28. The report is what the method makes of prices and sheets: base price, points, places, candidates, rejections.
29. Every member signed the report; the evaluation ended on it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

from evaluation import engine
from evaluation.engine import Offer, Outcome, criteria, method_digest, method_text
from evaluation.qualification import Verdict
from evaluation.report import Head, Report, ReportBid, ReportSheet, report
from evaluation.scoring import objective_blockers
from evaluation.sheet import Part
from ledger.errors import Reason, _
from supervision.verifier.belonging import draws_of
from supervision.verifier.case import Case, Happened, fault, once_a_case, sha256
from supervision.verifier.check import Check, Found, Undone, each_lot
from supervision.verifier.draw import COMPLETED, panel_of
from supervision.verifier.notice import line_of, method_of
from supervision.verifier.opening import readout_of
from supervision.verifier.secrecy import result_is_public
from supervision.verifier.sheets import SIGNED as SHEET_SIGNED
from supervision.verifier.sheets import (
    Points,
    admission_sheets,
    disclosed,
    score_sheets,
    signed,
    votes,
)
from supervision.verifier.sheets import points as points_on
from supervision.verifier.trust import Trust

ROOM, ENTERED, VOTED, ELECTED = (
    "evaluation:room:opened", "evaluation:seat:entered", "evaluation:leader:voted", "evaluation:leader:elected",
)  # fmt: skip
ADMITTED, RETURNED, SCORED, TIED = (
    "evaluation:admission:counted", "evaluation:sheets:returned", "evaluation:scores:counted", "evaluation:tie:decided",
)  # fmt: skip
MADE, SIGNED, EVALUATED, FAILED = (
    "evaluation:report:made", "evaluation:report:signed", "evaluation:lot:evaluated", "evaluation:lot:failed",
)  # fmt: skip
NOTHING = Outcome(None, (), (), ())
REPORT_LATER = Undone(_("can be done once the candidates are published"))


@each_lot
def room(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 25."""
    if not case.all(ROOM, lot=lot):
        return
    entry = case.one(ROOM, lot=lot)
    panels = [one for code in draws_of(case, lot) for one in case.all(COMPLETED, draw=code) if one.index < entry.index]
    if not panels or panels[-1]["seats"] != entry["seats"]:
        yield fault("room", _("The room was opened for another panel than the draw gave."))
    if entry["method"] != method_digest(method_of(case, lot)):
        yield fault("room_method", _("The room was opened under another method than the notice declares."))
    if len(entry["seats"]) != method_of(case, lot).members:
        yield fault("members", _("The panel has another number of members than the method asks for."))
    seats = {seat for code in draws_of(case, lot) for one in case.all(COMPLETED, draw=code) for seat in one["seats"]}
    for tag in (ELECTED, ADMITTED, RETURNED, SCORED, TIED, MADE, EVALUATED, FAILED):
        for one in case.all(tag, lot=lot):
            if one.by not in seats:
                text = _("Entry %(index)s (%(tag)s) was left by somebody who may not do this.")
                yield fault("actor", text, index=one.index, tag=one.tag)
    for elected in case.all(ELECTED, lot=lot):
        yield from _elected(case, lot, elected)


def _elected(case: Case, lot: str, elected: Happened) -> Iterator[Reason]:
    seats = panel_of(case, lot)
    came, spoke = (
        [one for one in case.all(tag, lot=lot) if one.index < elected.index and one.by == one["seat"]]
        for tag in (ENTERED, VOTED)
    )
    cast = {one["seat"]: one["choice"] for one in spoke}
    present = {one["seat"] for one in came}
    if not set(seats) <= present & cast.keys() or (len(present), len(cast)) != (len(came), len(spoke)):
        yield fault("absent", _("Not every member entered the room and voted for who leads."))
    panels = {seat for code in draws_of(case, lot) for one in case.all(COMPLETED, draw=code) for seat in one["seats"]}
    if not set(cast.values()) <= panels:
        yield fault("choice", _("A vote for who leads went to somebody who never sat on the panel."))
    count = Counter(choice for seat, choice in cast.items() if seat in seats)
    if elected["leader"] != min(seats, key=lambda seat: (-count[seat], seats.index(seat))):
        yield fault("leader", _("Another member was elected to lead than the votes say."))


@each_lot
def sheets(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 26."""
    for tag, part in ((ADMITTED, Part.ADMISSION), (SCORED, Part.SCORES)):
        for counted in case.all(tag, lot=lot):
            editions = 1 if part is Part.ADMISSION else counted["edition"]
            yield from _complete(case, lot, part, editions)
    if case.all(ADMITTED, lot=lot):
        for _one, sheet in admission_sheets(case, lot):
            votes(case, lot, sheet)
    for counted in case.all(SCORED, lot=lot):
        for edition in range(1, counted["edition"] + 1):
            points(case, lot, edition)


def _complete(case: Case, lot: str, part: Part, editions: int) -> Iterator[Reason]:
    seats = panel_of(case, lot)
    everything = [one for edition in range(1, editions + 1) for one in signed(case, lot, part, edition)]
    for edition in range(1, editions + 1):
        found = signed(case, lot, part, edition)
        if sorted(one["seat"] for one in found) != sorted(seats) or any(one.by != one["seat"] for one in found):
            yield fault("sheets", _("Not every member signed the own sheet once."))
    if len(case.all("evaluation:sheet:signed", lot=lot, part=part.value)) != len(everything):
        yield fault("sheets_more", _("There are sheets that were not counted."))
    last = max(everything, key=lambda one: one.index)
    for one in everything:
        shown = disclosed(case, one)
        if shown.said.index < last.index:
            yield fault("shown_early", _("A sheet was disclosed before every member had signed."))
        if shown.said.by != last.by:
            text = _("Entry %(index)s (%(tag)s) was left by somebody who may not do this.")
            yield fault("actor", text, index=shown.said.index, tag=shown.said.tag)


@once_a_case
def verdicts(case: Case, lot: str) -> list[Verdict]:
    """The verdict on every opened bid, by number. Refused evaluation.vote_*."""
    seats = panel_of(case, lot)
    ordered = sorted((sheet for _one, sheet in admission_sheets(case, lot)), key=lambda sheet: seats.index(sheet.seat))
    cast = [vote for sheet in ordered for vote in votes(case, lot, sheet)]
    return engine.verdicts(method_of(case, lot), offers(case, lot), seats, cast)


def offers(case: Case, lot: str) -> list[Offer]:
    """What the engine needs of the opened bids."""
    return [Offer(bid.code, bid.number, bid.price, bid.invalid) for bid in readout_of(case, lot).bids]


def admitted(case: Case, lot: str) -> tuple[str, ...]:
    """The admitted bids by number."""
    return tuple(one.bid for one in verdicts(case, lot) if one.admitted)


@once_a_case
def points(case: Case, lot: str, edition: int) -> dict[str, Points]:
    """Points by seat, bid and criterion."""
    codes = admitted(case, lot)
    return {one.seat: points_on(case, lot, sheet, codes) for one, sheet in score_sheets(case, lot, edition)}


@each_lot
def counts(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 27."""
    for entry in case.all(ADMITTED, lot=lot):
        found = verdicts(case, lot)
        rejected = tuple(one.bid for one in found if not one.admitted)
        if (entry["admitted"], entry["rejected"]) != (admitted(case, lot), rejected):
            yield fault("admission", _("Other bids were admitted than the votes say."))
    for entry in case.all(SCORED, lot=lot):
        seats, sheets_ = panel_of(case, lot), score_sheets(case, lot, entry["edition"])
        digests = tuple(sha256(one.record) for one, _s in sorted(sheets_, key=lambda pair: seats.index(pair[1].seat)))
        if entry["sheets"] != digests:
            yield fault("scores", _("Other score sheets were counted than the members signed."))
        yield from _returns(case, lot, entry["edition"])


def _returns(case: Case, lot: str, editions: int) -> Iterator[Reason]:
    """Editions before the last were returned for the items on which they differ, and only those changed."""
    rules = criteria(method_of(case, lot))
    for edition in range(1, editions):
        before, after = points(case, lot, edition), points(case, lot, edition + 1)
        disputed = tuple(f"{one.facts['bid']}/{one.facts['item']}" for one in objective_blockers(rules, before))
        said = [one["disputed"] for one in case.all(RETURNED, lot=lot, edition=edition + 1)]
        if not disputed or said != [disputed] or set(_changed(before, after)) - set(disputed):
            yield fault("returned", _("Score sheets were returned or changed without a disputed item."))


def _changed(before: dict[str, Points], after: dict[str, Points]) -> Iterator[str]:
    for seat, bids in before.items():
        for bid, row in bids.items():
            for item, value in row.items():
                if after[seat][bid][item] != value:
                    yield f"{bid}/{item}"


@once_a_case
def outcome(case: Case, lot: str) -> Outcome:
    """The ranking of the admitted bids by the declared method."""
    codes, scored, tie = admitted(case, lot), case.last(SCORED, lot=lot), case.last(TIED, lot=lot)
    if not codes:
        return NOTHING
    sheets_ = points(case, lot, scored["edition"]) if scored else {}
    ranked = [offer for offer in offers(case, lot) if offer.code in codes]
    return engine.outcome(method_of(case, lot), ranked, sheets_, tie["order"] if tie else ())


def recomputed(case: Case, lot: str) -> Report:
    """The report as it follows from the log."""
    entry, line = case.one(MADE, lot=lot), line_of(case, lot)
    elected, tie = case.one(ELECTED, lot=lot), case.last(TIED, lot=lot)
    head = Head(
        lot, case.one(ROOM, lot=lot)["round"], line.title, entry.at, method_text(method_of(case, lot)), line.ceiling,
        panel_of(case, lot), elected["leader"],
    )  # fmt: skip
    bids = [
        ReportBid(bid.code, bid.number, bid.name, bid.credit_code, bid.price, bid.days, bid.invalid)
        for bid in readout_of(case, lot).bids
    ]
    scored = case.last(SCORED, lot=lot)
    found = [*admission_sheets(case, lot), *(score_sheets(case, lot, scored["edition"]) if scored else ())]
    named = [ReportSheet(one.seat, one.entry["part"], sha256(one.record)) for one, _sheet in found]
    return report(
        head, bids, verdicts(case, lot), outcome(case, lot), sheets=named,
        decided=tie["order"] if tie else (), decision=tie["reason"] if tie else "",
    )  # fmt: skip


def report_of(case: Case, lot: str) -> Report:
    """The report that stands; `Missing` without it."""
    return case.record(Report, case.one(MADE, lot=lot)["digest"], _("the evaluation report"))


@each_lot
def reports(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 28."""
    if not case.all(MADE, lot=lot):
        return
    if not result_is_public(case, lot):
        yield REPORT_LATER
        return
    case.one(ADMITTED, lot=lot)
    made, said = recomputed(case, lot), report_of(case, lot)
    text = _("The report has another %(field)s than prices, sheets and method give.")
    for one in dataclasses.fields(Report):
        if getattr(made, one.name) != getattr(said, one.name):
            yield fault("report", text, field=one.name)
    if outcome(case, lot).open_ties:
        yield fault("tie", _("Candidates are tied, and the panel did not put them in order."))


@each_lot
def signatures(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 29."""
    given = case.all(SIGNED, lot=lot)
    for one in given:
        if one["digest"] != case.one(MADE, lot=lot)["digest"] or one.by != one["seat"]:
            yield fault("report_other", _("A member signed another report than the one that stands."))
    for end in case.all(EVALUATED, lot=lot):
        came = [one["seat"] for one in given if one.index < end.index]
        if sorted(came) != sorted(panel_of(case, lot)) or end["digest"] != case.one(MADE, lot=lot)["digest"]:
            yield fault("report_unsigned", _("The evaluation ended without the signature of every member."))
    for end in case.all(FAILED, lot=lot):
        if admitted(case, lot) or end["digest"] != case.one(MADE, lot=lot)["digest"]:
            yield fault("lot_failed", _("The lot was declared failed although a bid was admitted."))


CHECKS = (
    Check(25, _("The panel of the draw met under the declared method"), room, since=(ROOM,)),
    Check(26, _("Every member signed whole sheets, before any was shown"), sheets, since=(SHEET_SIGNED,)),
    Check(27, _("Admission and counts follow from the sheets"), counts, since=(ADMITTED, SCORED)),
    Check(28, _("The report follows from prices, sheets and method"), reports, since=(MADE,)),
    Check(29, _("Every member signed the report"), signatures, since=(SIGNED,)),
)
