"""Doors of award and contract, and the files that belong to them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from ledger import objects
from ledger.actor import Actor
from trading import awarding, contracting
from trading.access import absent, access_lot
from trading.doors import Answer, door, page
from trading.forms import Nothing

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@door("trading:award:give", Nothing)
def award(actor: Actor, _form: Nothing, code: str) -> Answer:
    """Give the award to the first candidate."""
    made = awarding.award(access_lot("trading:award:give", actor, code), actor=actor)
    facts = {"award": made.number, "amount": f"{made.amount:.2f}", "notice": made.notice.code}
    return Answer({**facts, "winner": made.candidate.party.code}, f"/lots/{code}/award")


@dataclass(frozen=True)
class ContractForm:
    """The contract: its amount, the code of its text among the tender's papers, why it comes after 30 days."""

    amount: Decimal
    paper: str = ""
    late: str = ""


@door("trading:contract:draw", ContractForm)
def draw(actor: Actor, form: ContractForm, code: str) -> Answer:
    """Draw up the contract."""
    lot = access_lot("trading:contract:draw", actor, code)
    made = contracting.draw(lot, form.amount, actor=actor, paper=form.paper, late=form.late)
    return Answer({"contract": made.number, "record": f"/lots/{code}/contract/record"}, f"/lots/{code}/award")


@dataclass(frozen=True)
class SignatureForm:
    """A detached CMS signature (DER) over the contract's record."""

    signature: bytes


@door("trading:contract:sign", SignatureForm)
def sign(actor: Actor, form: SignatureForm, code: str) -> Answer:
    """Sign as purchaser or winner."""
    lot = access_lot("trading:contract:sign", actor, code)
    made = contracting.sign(lot, form.signature, actor=actor)
    return Answer({"contract": made.number, "concluded": made.signed_at is not None}, f"/lots/{code}/award")


@page("trading:contract:view")
def contract_record(request: HttpRequest, code: str) -> HttpResponseBase:
    """The bytes that both sides sign."""
    lot = access_lot("trading:contract:view", request.actor, code)  # type: ignore[attr-defined]
    contract = contracting.contract_of(lot)
    if contract is None:
        raise absent()
    headers = {"Content-Disposition": f'attachment; filename="{contract.number}.bin"'}
    return HttpResponse(bytes(contract.record), content_type="application/octet-stream", headers=headers)


@page("trading:lot:view")
def award_document(request: HttpRequest, code: str) -> HttpResponseBase:
    """The award notice as .docx, for everybody."""
    lot = access_lot("trading:lot:view", request.actor, code)  # type: ignore[attr-defined]
    made = awarding.last_award(lot)
    if made is None:
        raise absent()
    file = objects.store().open(made.paper)
    return FileResponse(file, as_attachment=True, filename=f"{made.number}.docx", content_type=DOCX)
