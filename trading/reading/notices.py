"""A notice as rows to read: every field of the record, in the reader's language, nothing added.

Enters: a record of `trading.records`. Leaves: rows of parts/summary_list.html.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from trading.failing import WORDS
from trading.money import capitals, thousands
from trading.noticing import Record
from trading.periods import local, local_day
from trading.procedures.known import procedure_of
from trading.reading.story import Row
from trading.records import (
    Addendum,
    AwardNotice,
    Body,
    CandidateLine,
    CandidatesNotice,
    ContractNotice,
    ExtensionNotice,
    FailureNotice,
    RescheduleNotice,
    TenderNotice,
)
from trading.words import MARKS


def shown(record: Record) -> list[Row]:
    """The rows of a record."""
    match record:
        case TenderNotice():
            return _tender(record)
        case Addendum():
            return _addendum(record)
        case CandidatesNotice():
            return _candidates(record)
        case AwardNotice():
            return _award(record)
        case ContractNotice():
            return _contract(record)
        case FailureNotice():
            return _failure(record)
        case ExtensionNotice():
            return _extension(record)
        case RescheduleNotice():
            return _reschedule(record)


def instant(at: datetime) -> str:
    """An instant in Beijing time, to the second."""
    return f"{local(at):%Y-%m-%d %H:%M:%S}"


def until(at: datetime) -> str:
    """An end in Beijing time: one at midnight is 24:00 of the day that it ends."""
    if local(at).time() == time():
        return f"{local_day(at) - timedelta(days=1)} 24:00"
    return instant(at)


def _row(label: str, value: object, minor: str = "") -> Row:
    return {"label": label, "value": value, "minor": minor}


def _body(label: str, body: Body) -> Row:
    return _row(label, body.name, body.credit_code)


def _tender(record: TenderNotice) -> list[Row]:
    rows: list[Row] = [
        _row(_("Title"), record.title),
        _row(_("Number"), record.tender),
        {"label": _("What is tendered"), "lines": record.summary.splitlines()},
        _row(_("Kind of trade"), _(procedure_of(record.procedure).name)),
        _body(_("Purchaser"), record.purchaser),
        _body(_("Agent"), record.agent),
        _body(_("Trading centre"), record.centre),
        _body(_("Regulator"), record.regulator),
        _row(_("Published on"), instant(record.published)),
        _row(_("Deadline for bids"), instant(record.deadline)),
    ]
    for lot in record.lots:
        ceiling = _("none") if lot.ceiling is None else thousands(lot.ceiling)
        lines = [lot.title, _("Ceiling price: %(amount)s yuan") % {"amount": ceiling},
                 _("Bid bond: %(amount)s yuan") % {"amount": thousands(lot.bond)},
                 _("Duration: %(days)s days") % {"days": lot.days}]  # fmt: skip
        rows.append({"label": lot.code, "lines": lines, "minor": "" if lot.ceiling is None else capitals(lot.ceiling)})
    dates = [f"{_(MARKS[mark.name])}: {until(mark.at)}" for mark in record.timetable]
    rows.append({"label": _("Dates"), "lines": dates})
    rows.append({"label": _("Papers"), "lines": [f"{p.name} · SHA-256 {p.digest.hex()}" for p in record.papers]})
    return rows


def _addendum(record: Addendum) -> list[Row]:
    matters = _("It may affect the bids.") if record.material else _("It does not affect the bids.")
    return [
        _row(_("Title"), record.title),
        _row(_("Number"), record.number),
        _row(_("Text"), record.text, matters),
        _row(_("Issued"), instant(record.issued)),
        _row(_("Deadline for bids"), instant(record.deadline)),
        {"label": _("Papers"), "lines": [f"{p.name} · SHA-256 {p.digest.hex()}" for p in record.papers]},
    ]


def _candidates(record: CandidatesNotice) -> list[Row]:
    ranked: list[Row] = [
        {"label": _("Candidate %(rank)s") % {"rank": one.rank}, "lines": _candidate(one), "minor": one.credit_code}
        for one in record.candidates
    ]
    return [
        _row(_("Lot"), record.title, record.lot),
        _row(_("Bids opened"), record.bidders),
        *ranked,
        _row(_("Begun"), instant(record.begun)),
        _row(_("Objections until"), until(record.until), _(record.article)),
        _row(_("Evaluation report"), f"SHA-256 {record.report.hex()}"),
    ]  # fmt: skip


def _candidate(one: CandidateLine) -> list[str]:
    lines = [one.name, _("Bid price: %(amount)s yuan") % {"amount": thousands(one.price)}, capitals(one.price)]
    if one.score is not None:
        lines.append(_("Score: %(score)s") % {"score": f"{one.score.normalize():f}"})
    lines.append(_("Duration: %(days)s days") % {"days": one.days})
    return [*lines, *(line for line in (one.quality, one.manager) if line)]


def _award(record: AwardNotice) -> list[Row]:
    return [
        _row(_("Number"), record.number),
        _row(_("Lot"), record.title, record.lot),
        _body(_("Purchaser"), record.purchaser),
        _body(_("Winner"), record.winner),
        _row(_("Award price"), _("%(amount)s yuan") % {"amount": thousands(record.amount)}, capitals(record.amount)),
        _row(_("Duration"), _("%(days)s days") % {"days": record.days}),
        _row(_("Awarded on"), instant(record.awarded)),
        _row(_("Contract to be signed until"), until(record.contract_until), _(record.article)),
    ]


def _contract(record: ContractNotice) -> list[Row]:
    return [
        _row(_("Number"), record.number),
        _row(_("Lot"), record.title, record.lot),
        _body(_("Purchaser"), record.purchaser),
        _body(_("Winner"), record.winner),
        _row(_("Amount"), _("%(amount)s yuan") % {"amount": thousands(record.amount)}, capitals(record.amount)),
        _row(_("Signed by both sides"), instant(record.signed)),
        _row(_("Contract record"), f"SHA-256 {record.contract.hex()}"),
    ]


def _failure(record: FailureNotice) -> list[Row]:
    words, article = WORDS[record.cause]
    rows = [_row(_("Lot"), record.title, record.lot), _row(_("Cause"), _(words), _(article))]
    if record.bids is not None and record.least is not None:
        counted = _("%(bids)s of at least %(least)s") % {"bids": record.bids, "least": record.least}
        rows.append(_row(_("Bids received"), counted))
    return [*rows, _row(_("Published on"), instant(record.noticed)), _row(_("Entry in the log"), record.entry)]


def _extension(record: ExtensionNotice) -> list[Row]:
    how = _("declared by a person") if record.declared else _("found by the platform's own heartbeat")
    return [
        _row(_("Lot"), record.title, record.lot),
        _row(_("Bids could not be handed in"), f"{instant(record.begin)} – {instant(record.end)}", how),
        *([_row(_("Reason"), record.reason)] if record.reason else []),
        _row(_("Old deadline"), instant(record.old)),
        _row(_("New deadline"), instant(record.new)),
        _row(_("Opening not before"), instant(record.opening)),
    ]


def _reschedule(record: RescheduleNotice) -> list[Row]:
    return [
        _row(_("Lot"), record.title, record.lot),
        _row(_("The opening rested since"), instant(record.since)),
        *([_row(_("Reason"), record.reason)] if record.reason else []),
        _row(_("The opening goes on at"), instant(record.at)),
    ]
