"""The register of experts: the centre enters a person who has an expert's account.

Enters: the account's user name, speciality codes, the employer's credit code, the region. Leaves: an `Expert` under an
opaque code, and an entry that names neither person nor employer.
"""

from __future__ import annotations

import re

from experts.events import ExpertRegistered
from experts.models import Expert
from ledger.act import act
from ledger.actor import Actor, Role
from ledger.errors import Broken, Reason, _, refuse
from trading.enrolment import CREDIT_CODE
from trading.models import Account

SPECIALITY = re.compile(r"[ABC][0-9]{2,8}")  # class and levels of the national classification (GB of 2010)
MOST_SPECIALITIES = 5


def register(username: str, specialities: tuple[str, ...], employer: str, region: str, *, actor: Actor) -> Expert:
    """Enter the holder of the account `username`. Refused experts.account, .specialities, .employer, .region."""
    with act("experts:expert:register", actor, on=None) as this:
        account = Account.objects.filter(username=username, role=Role.EXPERT.value, is_active=True).first()
        refuse(_blockers(account, specialities, employer, region))
        if account is None:
            raise Broken("an expert without an account")
        expert = Expert.objects.create(
            account=account, specialities=sorted(specialities), employer=employer, region=region
        )
        entered = ExpertRegistered(expert.code, account.code, tuple(sorted(specialities)), region, employer)
        this.record(entered, scope=expert.code)
    return expert


def _blockers(account: Account | None, specialities: tuple[str, ...], employer: str, region: str) -> list[Reason]:
    known = account is not None and Expert.objects.filter(account=account).exists()
    wrong = not 1 <= len(set(specialities)) == len(specialities) <= MOST_SPECIALITIES
    found = [
        (
            account is None or known,
            "account",
            _("There is no expert's account of this name that is not registered yet."),
        ),
        (
            wrong or not all(SPECIALITY.fullmatch(code) for code in specialities),
            "specialities",
            _("An expert has one to five specialities, with codes like A08."),
        ),
        (
            not CREDIT_CODE.fullmatch(employer),
            "employer",
            _("The employer is named by its credit code (18 characters)."),
        ),
        (not region.strip(), "region", _("An expert belongs to a region.")),
    ]
    return [Reason(f"experts.{word}", text) for is_so, word, text in found if is_so]
