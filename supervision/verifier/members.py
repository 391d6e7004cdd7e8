"""Pure. Check 30: the signatures of the members themselves.

30. Every sheet and every report is signed (CMS) by a certificate that is trusted; all of one seat by one person, and no
    person in two seats. Members are secret until the result is settled (Bidding Law, article 37): before the award a
    public bundle does not hold their signatures.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.canon import encode
from ledger.errors import _
from supervision.verifier.belonging import ENROLLED
from supervision.verifier.case import Case, Happened, fault, sha256
from supervision.verifier.check import Check, Found, Undone, each_lot
from supervision.verifier.judging import EVALUATED, SIGNED, report_of
from supervision.verifier.secrecy import members_are_public
from supervision.verifier.sheets import SIGNED as SHEET_SIGNED
from supervision.verifier.sheets import disclosed
from supervision.verifier.trust import Trust

TOO_EARLY = Undone(_("can be done once the award is given: until then the members are secret"))


@each_lot
def members(case: Case, trust: Trust, lot: str) -> Found:
    """Check 30."""
    if not case.all(SHEET_SIGNED, lot=lot):
        return
    if not members_are_public(case, lot):
        yield TOO_EARLY
        return
    accounts = {one["fingerprint"]: one["account"] for one in case.all(ENROLLED)}
    seats: dict[str, set[str]] = {}
    for entry, data in _signed(case, lot):
        signature = case.object(entry["signature"], _("a member's signature"))
        signer = trust.signer(data, signature, entry.at)
        seats.setdefault(entry["seat"], set()).add(accounts.get(signer.fingerprint, ""))
    people = [min(found) for found in seats.values() if len(found) == 1]
    if len(people) < len(seats) or len(set(people)) < len(people) or "" in people:
        yield fault("members", _("A seat was signed for by several persons, or one person signed for several seats."))
    for end in case.all(EVALUATED, lot=lot):
        for digest in (end["paper"], end["table"]):
            case.object(digest, _("a document of the report"))


def _signed(case: Case, lot: str) -> Iterator[tuple[Happened, bytes]]:
    """Every signing entry with the bytes that were signed; sheets that came to nothing are not disclosed."""
    for one in case.all(SHEET_SIGNED, lot=lot):
        if (one.id, "record") in case.disclosed:
            yield one, disclosed(case, one).record
    for one in case.all(SIGNED, lot=lot):
        data = encode(report_of(case, lot))
        if sha256(data) == one["digest"]:
            yield one, data


CHECKS = (Check(30, _("Sheets and report bear the signatures of the members"), members, since=(SHEET_SIGNED, SIGNED)),)
