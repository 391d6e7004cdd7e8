"""Checking an opened cover against the lot and the bidder it should stand behind.

Enters: cover bytes, the lot, the bidder's party, the instant. Leaves: every reason against it (cover.*, signature.*).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from guarantees.cover import DEPOSIT, GUARANTEE, Cover, Terms, read
from ledger import cms
from ledger.actor import Role
from ledger.errors import Reason, Refused, _
from trading import authority
from trading.models import Certificate, Lot, Party
from trading.outages import noticed_deadline

VALIDITY = timedelta(days=90)  # the bid's validity, counted from the deadline (Regulation 25, 26)


def issuer_of(cover: Cover) -> Party | None:
    """The registered guarantor whose account signed the cover."""
    found = Certificate.objects.select_related("account__party").filter(fingerprint=cms.fingerprint(cover.certificate))
    row = found.filter(account__role=Role.GUARANTOR.value).first()
    return row.account.party if row else None


def _for_this_bid(terms: Terms, lot: Lot, party: Party) -> list[Reason]:
    reasons = []
    if (terms.lot, terms.round) != (lot.code, lot.tender.round):
        reasons.append(Reason("cover.other_lot", _("The cover was issued for another lot.")))
    if terms.beneficiary != lot.tender.purchaser.credit_code:
        reasons.append(Reason("cover.other_beneficiary", _("The cover names another beneficiary.")))
    if terms.bidder != party.credit_code:
        reasons.append(Reason("cover.other_bidder", _("The cover was issued for another bidder.")))
    return reasons


def _enough(terms: Terms, lot: Lot) -> list[Reason]:
    reasons = []
    if terms.kind not in {GUARANTEE, DEPOSIT}:
        reasons.append(Reason("cover.kind", _("The cover is neither a guarantee nor a deposit.")))
    if terms.amount < lot.bond:
        reasons.append(Reason("cover.too_small", _("The cover is smaller than the bond that the lot asks for.")))
    due = noticed_deadline(lot)  # an outage of ours makes no cover too short that was long enough
    if due and terms.until < due + VALIDITY:
        reasons.append(Reason("cover.too_short", _("The cover ends before the validity of the bid does.")))
    return reasons


def cover_blockers(plain: bytes, lot: Lot, party: Party, at: datetime) -> list[Reason]:
    """Every reason why the cover does not stand behind the bid of `party` for `lot`; none when it does."""
    try:
        cover = read(plain, authority.roots(), at)
    except Refused as refusal:
        return list(refusal.reasons)
    issuer = issuer_of(cover)
    unknown = issuer is None or issuer.credit_code != cover.terms.issuer
    by_whom = [Reason("cover.issuer", _("The cover was not signed by the guarantor it names."))] if unknown else []
    return by_whom + _for_this_bid(cover.terms, lot, party) + _enough(cover.terms, lot)
