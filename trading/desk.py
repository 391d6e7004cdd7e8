"""What trading puts on desks: drafts, questions, objections, awards, contracts, certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.actor import Actor, Role
from ledger.errors import _ as marked
from trading import awarding, objections
from trading.desks import Action, Item, Status, desk_action, desk_item
from trading.models import Award, Certificate, Contract, Lot, Objection, Question, Tender
from trading.stages import Stage

SIDE = (Role.PURCHASER, Role.AGENT)
SIGNERS = (Role.PURCHASER, Role.AGENT, Role.BIDDER, Role.EXPERT, Role.GUARANTOR, Role.CENTRE, Role.REGULATOR)
OBJECTIONS_CLAUSE = marked("Bidding Regulation, articles 22 and 54")


def tenders_of(actor: Actor) -> QuerySet[Tender]:
    """The tenders around which the actor's organisation stands, newest first."""
    if not actor.organisation:
        return Tender.objects.none()
    places = ("purchaser", "agent", "centre", "regulator")
    around = Q()
    for place in places:
        around |= Q(**{f"{place}__code": actor.organisation})
    return Tender.objects.filter(around).order_by("-pk")


def _ours(actor: Actor, prefix: str = "") -> Q:
    return Q(**{f"{prefix}purchaser__code": actor.organisation}) | Q(**{f"{prefix}agent__code": actor.organisation})


@desk_item(*SIDE)
def drafts(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Drafts to be finished."""
    for tender in Tender.objects.filter(_ours(actor), stage="draft").order_by("-pk")[:20]:
        about = _("Papers, custodians, deadline: the check page says what is missing.")
        status = Status(_("Draft"))
        yield Item(_("Finish the draft: %s") % tender.title, f"/tenders/{tender.code}/draft", about, status=status)


@desk_item(*SIDE)
def questions(actor: Actor, now: datetime) -> Iterator[Item]:
    """Questions without an answer, by tender."""
    q = Question.objects.filter(_ours(actor, "lot__tender__"), answered_at=None, lot__stage=Stage.BIDDING)
    counted = q.values("lot__tender__code", "lot__tender__title", "lot__tender__deadline").annotate(n=Count("pk"))
    for row in counted.order_by("lot__tender__deadline")[:20]:
        n, until = row["n"], row["lot__tender__deadline"]
        title = ngettext("%(n)s question waits for an answer", "%(n)s questions wait for answers", n) % {"n": n}
        clause = _("Bidding Regulation, article 21")
        href = f"/tenders/{row['lot__tender__code']}/questions"
        late = until if until and until > now else None
        yield Item(title, href, row["lot__tender__title"], late, _("Deadline for bids"), clause)


@desk_item(*SIDE)
def objections_waiting(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Objections without an answer."""
    q = Objection.objects.filter(_ours(actor, "lot__tender__"), answered_at=None)
    for made in q.select_related("lot__tender").order_by("pk")[:20]:
        title = (
            _("Answer an objection to the papers") if made.about == "papers" else _("Answer an objection to the result")
        )
        href = f"/tenders/{made.lot.tender.code}/questions"
        due = objections.answer_due(made)
        yield Item(title, href, str(made.lot), due, _("Answer until"), _(OBJECTIONS_CLAUSE))


@desk_item(Role.PURCHASER)
def awards(actor: Actor, now: datetime) -> Iterator[Item]:
    """Lots whose candidates stand in public: to be awarded when that is over."""
    q = Lot.objects.filter(stage=Stage.PUBLICITY, tender__purchaser__code=actor.organisation)
    for lot in q.select_related("tender").order_by("publicity_until")[:20]:
        reasons = tuple(awarding.award_blockers(lot, now))
        until = lot.publicity_until if reasons and lot.publicity_until and lot.publicity_until > now else None
        title = _("Give the award: %s") % lot.title
        label, clause = _("Publicity until"), _("Bidding Regulation, article 55")
        yield Item(title, f"/lots/{lot.code}/award", lot.tender.title, until, label, clause, reasons=reasons)


@desk_item(Role.PURCHASER, Role.AGENT, Role.BIDDER)
def contracts(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Contracts to be drawn up or signed by the actor's side."""
    winning = Q(lot__awards__candidate__party__code=actor.organisation)
    q = Award.objects.filter(_ours(actor, "lot__tender__") | winning, lot__stage=Stage.AWARDED)
    q = q.select_related("lot__tender__purchaser", "candidate__party", "contract").distinct()
    for award in q.order_by("at")[:20]:
        title = _contract_step(award, actor)
        if title:
            until, clause = awarding.contract_until(award.lot, award.at), _("Bidding Law, article 46")
            yield Item(title, f"/lots/{award.lot.code}/award", str(award.lot), until.at, _("Sign until"), clause)


def _contract_step(award: Award, actor: Actor) -> str:
    contract: Contract | None = getattr(award, "contract", None)
    if contract is None:
        return "" if actor.role is Role.BIDDER else _("Draw up the contract")
    if actor.role is Role.BIDDER:
        return "" if contract.winner_signature else _("You have won: sign the contract")
    return _("Sign the contract") if actor.role is Role.PURCHASER and not contract.purchaser_signature else ""


@desk_item(Role.BIDDER)
def results(actor: Actor, now: datetime) -> Iterator[Item]:
    """Results of lots in which the actor's organisation took part: candidates in public, awards given."""
    shown = [Stage.PUBLICITY, Stage.AWARDED]
    q = Lot.objects.filter(participants__party__code=actor.organisation, stage__in=shown).distinct()
    for lot in q.select_related("tender").order_by("publicity_until")[:20]:
        if lot.stage == Stage.PUBLICITY and lot.publicity_until and now < lot.publicity_until:
            title, clause = _("Candidates are in public: %s") % lot.title, _("Bidding Regulation, article 54")
            label = _("Objections until")
            yield Item(title, f"/lots/{lot.code}", lot.tender.title, lot.publicity_until, label, clause)
        award = awarding.last_award(lot) if lot.stage == Stage.AWARDED else None
        if award:
            won = award.candidate.party.code == actor.organisation
            title = _("Your bid has won: %s") % lot.title if won else _("The award went to another: %s") % lot.title
            status = Status(_("Award notice"), "good" if won else "still", "flag")
            yield Item(title, f"/lots/{lot.code}", lot.tender.title, clause=_("Bidding Law, article 45"), status=status)


@desk_item(*SIGNERS)
def certificates(actor: Actor, now: datetime) -> Iterator[Item]:
    """Somebody without a valid certificate cannot sign."""
    if not Certificate.objects.filter(account__code=actor.code, not_after__gt=now).exists():
        about = _("Without one you cannot sign bids, shares, sheets or contracts.")
        yield Item(_("Enrol your signing certificate"), "/certificates", about)


@desk_action(*SIDE)
def begin_tender(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """A new tender."""
    after = _("A draft nobody outside sees until you publish it.")
    yield Action("begin", _("Begin a tender"), "/tenders/new", "primary", after)


@desk_action(*SIGNERS)
def my_certificates(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """One's own keys."""
    yield Action("certificates", _("My certificates"), "/certificates")


@desk_action(Role.OPERATOR)
def enrol_others(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """Parties and accounts."""
    yield Action("enrolment", _("Register organisations and open accounts"), "/enrolment", "primary")


@desk_action(Role.BIDDER)
def look_for_tenders(_actor: Actor, _now: datetime) -> Iterator[Action]:
    """Where to find what is tendered."""
    yield Action("notices", _("Find a tender"), "/notices?kind=notice", "primary")
