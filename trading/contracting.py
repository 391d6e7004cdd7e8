"""The contract: drawn up on the award, signed by purchaser and winner over one canonical record (Bidding Law 46).

Enters: a lot in stage awarded, the amount, two CMS signatures. Leaves: the signed contract, its notice, and the lot in
stage contracted. The amount is the award's; after 30 days drawing it needs a reason, which is in the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from ledger.act import This, act
from ledger.actor import Actor
from ledger.canon import decode, encode
from ledger.errors import Reason, _, refuse, refused
from trading import rules
from trading.awarding import contract_until, last_award
from trading.events import ContractDrawn, ContractEndorsed, ContractSigned
from trading.models import Account, Award, Contract, Lot, Paper
from trading.money import cents, thousands
from trading.noticing import body_of, give
from trading.papers import CONTRACT
from trading.progress import schedule
from trading.records import ContractNotice, ContractRecord
from trading.signatures import check_account
from trading.stages import Stage


def draw(lot: Lot, amount: Decimal, *, actor: Actor, paper: str = "", late: str = "") -> Contract:
    """Draw up the contract. `paper` is the code of its text among the tender's papers, `late` why after 30 days."""
    with act("trading:contract:draw", actor, on=lot) as this:
        award = held_award(this.on)
        text = Paper.objects.filter(tender=this.on.tender, kind=CONTRACT, code=paper).first() if paper else None
        refuse(draw_blockers(award, amount, this.now, late=late, paper_lost=bool(paper) and text is None))
        number = f"{award.number}-contract"
        record = encode(_record(award, number, text, this.now, late))
        contract = Contract.objects.create(
            award=award, number=number, amount=award.amount, record=record, drawn_at=this.now
        )
        this.record(ContractDrawn(lot.code, number, hashlib.sha256(record).digest()))
    return contract


def draw_blockers(
    award: Award, amount: Decimal, at: datetime, *, late: str = "", paper_lost: bool = False
) -> list[Reason]:
    """Every reason why the contract cannot be drawn up so."""
    until = contract_until(award.lot, award.at)
    facts = {"amount": thousands(award.amount), "article": until.article}
    found = [
        (Contract.objects.filter(award=award).exists(), "contract_drawn", _("The contract is drawn up already.")),
        (
            amount != cents(amount) or amount != award.amount,
            "contract_amount",
            _("The contract says what was awarded: %(amount)s yuan (%(article)s)."),
        ),
        (paper_lost, "paper_unknown", _("The text of the contract is not among the papers.")),
        (at >= until.at and not late, "contract_late", _("After 30 days a contract needs a reason (%(article)s).")),
    ]
    return [Reason(f"trading.{word}", text, facts) for wrong, word, text in found if wrong]


def sign(lot: Lot, signature: bytes, *, actor: Actor) -> Contract:
    """Sign as purchaser or as winner: a detached CMS signature over the record. The second one concludes it."""
    with act("trading:contract:sign", actor, on=lot) as this:
        contract = Contract.objects.filter(award=held_award(this.on)).first()
        if contract is None:
            refused("trading.contract_not_drawn", _("The contract has not been drawn up."))
        side = "purchaser_signature" if rules.is_purchaser(actor, this.on) else "winner_signature"
        refuse(_sign_blockers(contract, side))
        signer = Account.objects.get(code=actor.code)
        check_account(bytes(contract.record), signature, signer, this.now)
        this.swap(contract, **{side: (b"", signature)})
        digest = hashlib.sha256(signature).digest()
        this.record(ContractEndorsed(lot.code, contract.number, actor.organisation, digest))
        if contract.purchaser_signature and contract.winner_signature:
            _conclude(this, contract)
    return contract


def contract_of(lot: Lot) -> Contract | None:
    """The contract of the award that holds."""
    return Contract.objects.filter(award__lot=lot).select_related("award__candidate__party").order_by("-pk").first()


def record_of(contract: Contract) -> ContractRecord:
    """What is signed."""
    return decode(ContractRecord, bytes(contract.record))


def held_award(lot: Lot) -> Award:
    """The award on which a contract can stand."""
    award = last_award(lot)
    if award is None:
        refused("trading.no_award", _("There is no award."))
    return award


def _sign_blockers(contract: Contract, side: str) -> Iterator[Reason]:
    if getattr(contract, side):
        yield Reason("trading.contract_endorsed", _("Your side has signed this contract."))


def _conclude(this: This[Lot], contract: Contract) -> None:
    lot, digest = this.on, hashlib.sha256(bytes(contract.record)).digest()
    record, winner = record_of(contract), contract.award.candidate.party
    this.swap(contract, signed_at=(None, this.now))
    this.move(lot, Stage.CONTRACTED)
    this.swap(lot, contracted_at=(lot.contracted_at, this.now))
    schedule(this, lot)
    notice = ContractNotice(
        lot.code, lot.title, contract.number, record.purchaser, record.winner, contract.amount, this.now, digest
    )
    give(this, lot.tender, notice, lot.title, lot=lot)
    this.record(ContractSigned(lot.code, contract.number, winner.code, contract.amount, digest))


def _record(award: Award, number: str, text: Paper | None, at: datetime, late: str) -> ContractRecord:
    lot, winner = award.lot, award.candidate
    return ContractRecord(
        number=number, lot=lot.code, title=lot.title, purchaser=body_of(lot.tender.purchaser),
        winner=body_of(winner.party), amount=award.amount, days=winner.days, award=bytes.fromhex(award.notice.digest),
        text=bytes.fromhex(text.digest) if text else None, drawn=at, late=late,
    )  # fmt: skip
