"""Pure. What a bundle may hold and must hold, by what the log says has happened (ledger.md, "Bundle and verifier").

Enters: a case. Leaves: whether something is out of its secrecy in this kind of bundle. The house leaves out by these
rules, and the verifier misses nothing that they ask for: so nobody can leave evidence out by calling it secret.
"""

from __future__ import annotations

from supervision.verifier.case import Case

AWARDED, FAILED = "trading:award:noticed", "evaluation:lot:failed"


def members_are_public(case: Case, lot: str) -> bool:
    """Who judged is secret until the result is settled (Bidding Law, article 37)."""
    return not case.is_public or bool(case.all(AWARDED, lot=lot) or case.all(FAILED, lot=lot))


def result_is_public(case: Case, lot: str) -> bool:
    """The report is everybody's from the candidates' publicity on."""
    published = case.all("trading:candidates:published", lot=lot)
    return not case.is_public or bool(published or case.all(FAILED, lot=lot))


def draw_is_public(case: Case, code: str) -> bool:
    """The pool of a draw is everybody's once its panel is complete, or the draw is void."""
    ended = case.all("experts:panel:completed", draw=code) or case.all("experts:draw:voided", draw=code)
    return not case.is_public or bool(ended)


def is_unsealed(case: Case, lot: str) -> bool:
    """Sealed files and shares go to the regulator once the opening of the lot is over, and never before."""
    return not case.is_public and bool(case.all("bidding:lot:opened", lot=lot))
