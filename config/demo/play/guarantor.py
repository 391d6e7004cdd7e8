"""The guarantor's client: issues covers, signed with its certificate and handed to the bidder outside the platform."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from config.demo.play.client import Client
from config.demo.play.stage import Person
from guarantees.cover import DEPOSIT, GUARANTEE, Terms, issue

VALID = timedelta(days=100)  # from the deadline; the bid's validity and ten days more


class Guarantor(Client):
    """A bank that stands behind bids, or holds their deposits."""

    def cover(
        self, lot: str, bidder: Person, beneficiary: Person, amount: str, deadline: datetime, *, deposit: bool
    ) -> bytes:
        """A cover for one bid: a guarantee, or the statement that a deposit has come in."""
        if bidder.body is None or beneficiary.body is None or self.person.body is None:
            raise ValueError("a cover names three organisations")
        terms = Terms(
            kind=DEPOSIT if deposit else GUARANTEE,
            number=f"{'BZJ' if deposit else 'BH'}-{lot}-{bidder.username}",
            lot=lot,
            round=1,
            beneficiary=beneficiary.body.credit_code,
            bidder=bidder.body.credit_code,
            issuer=self.person.body.credit_code,
            amount=Decimal(amount),
            since=self.hour(),
            until=deadline + VALID,
            account=f"6228{bidder.body.credit_code[8:16]}" if deposit else None,
            rate=Decimal("0.3500") if deposit else None,
        )
        pen = self.keys.pen()
        return issue(terms, pen.certificate, pen.key)
