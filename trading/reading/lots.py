"""Reads for the page of a lot: figures, method, the way it goes, candidates, objections, award.

Enters: a lot, who reads, the instant. Leaves: values for object.html and its parts, and the same for machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from ledger.actor import Actor
from trading import awarding, contracting, method
from trading.models import Lot, Notice
from trading.money import thousands
from trading.noticing import NAMES
from trading.outages import opening_at
from trading.periods import local, local_day
from trading.procedures.known import procedure_of
from trading.publishing import timetable_of
from trading.reading.story import Row, lot_facts, mark_nodes, money_fact
from trading.stages import RESULT_PUBLIC, Stage

PAST_DEADLINE = frozenset(set(Stage) - {Stage.DRAFT, Stage.BIDDING})


def facts(lot: Lot) -> list[Row]:
    """The figures of the lot."""
    rows = [money_fact(_("Ceiling price"), lot.ceiling)]
    if lot.bond:
        rows.append(money_fact(_("Bid bond"), lot.bond))
    rows.append({"label": _("Duration"), "value": lot.days, "unit": _("days")})
    rows.append({"label": _("Evaluation method"), "value": method_name(lot)})
    if lot.deadline and lot.stage == Stage.BIDDING:
        return rows
    return [*rows, *_result_facts(lot)]


def method_name(lot: Lot) -> str:
    """What the declared method is called."""
    kind = lot.method.get("kind")
    names = {"comprehensive": _("Comprehensive evaluation"), "lowest_price": _("Lowest evaluated price")}
    return names.get(str(kind), "")


def criteria(lot: Lot) -> list[Row]:
    """The criteria as rows: what is judged, how, for how many points."""
    declared = method.parse(lot.method)
    kinds = {"pass": _("met or not met"), "range": _("points in a range"), "fixed": _("all or nothing"),
             "step": _("points in steps")}  # fmt: skip
    rows: list[Row] = [
        {"cells": [_(one.title), kinds[one.kind.value], f"{one.full:f}" if one.full else "–", _(one.clause)]}
        for one in declared.criteria
    ]
    if declared.price:
        rows.append({"cells": [_("Price"), _("by the formula of the tender document"), f"{declared.price.full:f}", ""]})
    return rows


def nodes(lot: Lot, now: datetime) -> list[Row]:
    """The way of the lot: the tender's instants, then what came after its deadline."""
    procedure = procedure_of(lot.tender.procedure)
    opening = opening_at(lot)
    marks = [
        replace(mark, at=local(opening)) if mark.name == "opening" and opening else mark
        for mark in timetable_of(lot.tender)
    ]
    made = mark_nodes(marks, procedure, now)
    return [*made, *_after_opening(lot, now)] if lot.stage not in {Stage.FAILED, Stage.TERMINATED} else made


def candidate_rows(lot: Lot) -> list[Row]:
    """The candidates, once they stand in public."""
    if lot.stage not in RESULT_PUBLIC:
        return []
    return [
        {
            "cells": [
                one.rank,
                {"text": one.party.name},
                {"text": thousands(one.price), "value": one.price},
                "–" if one.score is None else f"{one.score.normalize():f}",
                one.days,
                one.quality,
                one.manager,
            ]
        }
        for one in awarding.candidates_of(lot)
    ]


def notices_of(lot: Lot) -> list[Notice]:
    """Everything published about this lot."""
    return list(Notice.objects.filter(lot=lot).select_related("tender", "lot"))


def result_facts(lot: Lot) -> Row:
    """Candidates, award and contract for machines; empty before the publicity."""
    if lot.stage not in RESULT_PUBLIC:
        return {}
    award, contract = awarding.last_award(lot), contracting.contract_of(lot)
    found: Row = {
        "publicity_until": lot.publicity_until.isoformat() if lot.publicity_until else None,
        "candidates": [
            {
                "rank": one.rank, "bid": one.bid_code, "party": one.party.code, "name": one.party.name,
                "credit_code": one.party.credit_code, "price": f"{one.price:.2f}",
                "score": f"{one.score:.4f}" if one.score is not None else None, "days": one.days,
            }
            for one in awarding.candidates_of(lot)
        ],
    }  # fmt: skip
    if award:
        found["award"] = {"number": award.number, "winner": award.candidate.party.name, "amount": f"{award.amount:.2f}"}
    if contract:
        found["contract"] = {"number": contract.number, "signed": contract.signed_at is not None}
    return found


def page_facts(lot: Lot) -> Row:
    """The lot for machines, with its result where that is public."""
    return {**lot_facts(lot), "tender": lot.tender.code, "round": lot.tender.round, **result_facts(lot)}


def can(lot: Lot, actor: Actor) -> bool:
    """Whether there is a page of the award for this reader's lot."""
    return lot.stage in RESULT_PUBLIC and bool(actor.code)


def _result_facts(lot: Lot) -> Iterator[Row]:
    award = awarding.last_award(lot)
    if award:
        yield {"label": _("Winner"), "value": award.candidate.party.name}
        yield money_fact(_("Award price"), award.amount)
    elif lot.publicity_until and lot.stage == Stage.PUBLICITY:
        yield {"label": _("Publicity of candidates until"), "until": lot.publicity_until}


def _after_opening(lot: Lot, now: datetime) -> Iterator[Row]:
    if lot.stage not in PAST_DEADLINE:
        yield {"title": _("Evaluation by the panel"), "state": "next", "passed": False}
        yield {"title": _(NAMES["candidates"]), "state": "next", "passed": False}
        yield {"title": _(NAMES["award"]), "state": "next", "passed": False}
        return
    waiting = lot.stage in {Stage.OPENED, Stage.EVALUATING}
    judged = lot.reported_at is not None
    yield {"title": _("Evaluation by the panel"), "at": lot.reported_at, "passed": judged,
           "state": "done" if judged else "current" if waiting else "next"}  # fmt: skip
    yield _publicity_node(lot, now)
    awarded, signed = lot.awarded_at is not None, lot.contracted_at is not None
    yield {"title": _(NAMES["award"]), "at": lot.awarded_at, "passed": awarded, "state": "done" if awarded else "next"}
    yield {"title": _(NAMES["contract"]), "at": lot.contracted_at, "passed": signed,
           "state": "done" if signed else "current" if awarded else "next",
           "clause": _("Bidding Law, article 46")}  # fmt: skip


def _publicity_node(lot: Lot, now: datetime) -> Row:
    node: Row = {"title": _(NAMES["candidates"]), "state": "next", "passed": False}
    begun = next((notice.at for notice in notices_of(lot) if notice.kind == "candidates"), None)
    if begun is None or lot.publicity_until is None:
        return node
    term = procedure_of(lot.tender.procedure).terms["publicity"]
    given = (local_day(lot.publicity_until) - local_day(begun)).days - 1
    over = now >= lot.publicity_until
    span = {"needed": term.period.count, "given": given, "short": given < term.period.count, "unit_word": _("days"),
            "clause": _(term.article)}  # fmt: skip
    return {**node, "at": begun, "passed": True, "state": "done" if over else "current", "span": span}
