"""What a bidder sees of the own dealings with a lot, all of it under the own handle.

Enters: lot, actor. Leaves: plain values for JSON and templates: the live envelope, receipts, uploads that are not done.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bidding.custody.facts import sheet_facts
from bidding.custody.sheets import sheets_of
from bidding.custody.stale import STALE, stale_numbers
from bidding.models import Envelope, Refusal, Upload, Withdrawal
from bidding.submission.inclusion import as_facts
from bidding.submission.papers import paper_facts
from bidding.submission.receipts import Answer, as_file, proof_of
from bidding.submission.standing import live
from bidding.submission.standings import find_answer, moves
from ledger.actor import Actor
from ledger.canon import EPOCH
from trading.access import absent
from trading.handles import handle_for
from trading.models import Lot, Party
from trading.stages import Stage
from trading.telling import told

SHOWN = 50


def kind_of(given: Answer) -> str:
    """sealed, withdrawn or refused; not_withdrawn where a withdrawal was refused."""
    if isinstance(given, Refusal) and given.is_withdrawal:
        return "not_withdrawn"
    return {Envelope: "sealed", Withdrawal: "withdrawn", Refusal: "refused"}[type(given)]


def receipt_facts(given: Answer, living: str | None, stale: Collection[str] = ()) -> dict[str, Any]:
    """One line of "my receipts"; `stale` are the numbers of envelopes whose custody sheet was replaced."""
    return {
        "number": given.number,
        "kind": kind_of(given),
        "submission": given.submission,
        "stamp": given.stamp,
        "live": given.number == living,
        "withdraws": given.withdraws if isinstance(given, Withdrawal | Refusal) else "",
        "stale": given.number in stale,
        "digest": given.digest if isinstance(given, Envelope) else "",
        "size": given.size if isinstance(given, Envelope) else None,
        "reasons": given.reasons if isinstance(given, Refusal) else [],
    }


def own_receipts(lot: Lot, handle: str) -> list[dict[str, Any]]:
    """The bidder's receipts for the lot, newest first."""
    living, stale = live(moves(lot, handle)), stale_numbers(lot, handle)
    mine: list[Answer] = []
    for model in (Envelope, Withdrawal, Refusal):
        mine.extend(model.objects.filter(lot=lot, handle=handle).order_by("-entry_id")[:SHOWN])
    mine.sort(key=lambda given: (given.stamp, given.entry_id), reverse=True)
    return [receipt_facts(given, living, stale) for given in mine[:SHOWN]]


def stale_now(lot: Lot, handle: str) -> dict[str, Any] | None:
    """That the bidder must seal again because the custody sheet was replaced; None when that is not so."""
    if lot.stage != Stage.BIDDING or live(moves(lot, handle)) or not stale_numbers(lot, handle):
        return None
    return {"code": STALE.code, "text": told(STALE), "receipts": stale_numbers(lot, handle)}


def desk_facts(lot: Lot, actor: Actor) -> dict[str, Any]:
    """The bid desk of a lot."""
    handle, party = handle_for(lot, actor), Party.objects.get(code=actor.organisation)
    sheet = sheets_of(lot).first()
    going_on = (Upload.OPEN, Upload.STAMPED)
    open_ones = Upload.objects.filter(lot=lot, handle=handle, state__in=going_on).order_by("-pk")
    return {
        "lot": lot.code,
        "title": lot.title,
        "tender": lot.tender.code,
        "round": lot.tender.round,
        "stage": lot.stage,
        "deadline": lot.deadline,
        "ceiling": None if lot.ceiling is None else str(lot.ceiling),
        "bond": str(lot.bond),
        "days": lot.days,
        "credit_code": party.credit_code,
        "name": party.name,
        "sheet": sheet_facts(sheet) if sheet else None,
        "papers": paper_facts(lot),
        "receipts": own_receipts(lot, handle),
        "stale": stale_now(lot, handle),
        "uploads": [upload_facts(upload) for upload in open_ones[:SHOWN]],
    }


def upload_facts(upload: Upload) -> dict[str, Any]:
    """How far an upload is, or that it is over: expired, ended."""
    words = {Upload.OPEN: "incomplete", Upload.STAMPED: "deciding"}
    return {
        "submission": upload.submission,
        "state": words.get(upload.state, upload.state),
        "offset": upload.offset,
        "length": upload.length,
        "stamp": upload.stamp,
    }


def submission_facts(lot: Lot, actor: Actor, submission: str) -> dict[str, Any]:
    """Did my id arrive? The receipt, the refusal, or how far it is; absent when nothing came under this handle."""
    handle = handle_for(lot, actor)
    given = find_answer(lot, handle, submission)
    going = Upload.objects.filter(lot=lot, handle=handle, submission=submission).exclude(state=Upload.DECIDED)
    newest = going.order_by("-pk").first()
    if isinstance(given, Refusal) and newest is not None:
        given = None
    if given is not None:
        return {"submission": submission, "state": kind_of(given), "receipt": as_file(given)}
    if newest is None:
        raise absent()
    return upload_facts(newest)


def attempts(lot: Lot, actor: Actor) -> list[dict[str, Any]]:
    """Every attempt to hand in a bid, newest first: each upload, and each that was refused before it became one. Its
    `number` is that of the receipt or refusal to ask for, "" while there is none.
    """
    mine = {"lot": lot, "handle": handle_for(lot, actor)}
    received = {row.submission: row for row in Envelope.objects.filter(**mine).defer("header")}
    given: dict[str, Answer] = {row.number: row for row in Refusal.objects.filter(**mine, is_withdrawal=False)}
    given |= {row.number: row for row in received.values()}
    found = []
    for upload in Upload.objects.filter(**mine).defer("prefix"):
        answer = given.pop(upload.number, received.get(upload.submission)) if upload.state == Upload.DECIDED else None
        found.append(_attempt(upload.submission, upload.begun, kind_of(answer) if answer else upload.state, answer))
    turned_away = (row for row in given.values() if isinstance(row, Refusal))
    found += [_attempt(row.submission, row.stamp, kind_of(row), row) for row in turned_away]
    return sorted(found, key=lambda one: one["at"], reverse=True)


def _attempt(submission: str, at: datetime | None, state: str, answer: Answer | None) -> dict[str, Any]:
    number = answer.number if answer else ""
    return {"submission": submission, "at": at or EPOCH, "state": state, "number": number}


def own_answer(lot: Lot, actor: Actor, number: str) -> Answer:
    """The answer with this receipt number, if it was given to this very bidder."""
    mine = {"lot": lot, "handle": handle_for(lot, actor), "number": number}
    given = (
        Envelope.objects.filter(**mine).first()
        or Withdrawal.objects.filter(**mine).first()
        or Refusal.objects.filter(**mine).first()
    )
    if given is None:
        raise absent()
    return given


def proof_facts(given: Answer) -> dict[str, Any]:
    """The inclusion proof of a receipt's leaf, or that no checkpoint covers it yet."""
    proof = proof_of(given)
    if proof is None:
        return {"covered": False}
    return {"covered": True, **as_facts(proof.index, proof.size, proof.path, proof.checkpoint)}
