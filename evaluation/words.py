"""Pure. What the words of a method are called on pages and in documents; their Chinese stands in the catalogues."""

from __future__ import annotations

from ledger.errors import _
from trading.method import CriterionKind, Rule

KINDS = {
    CriterionKind.PASS: _("met or not met"),
    CriterionKind.RANGE: _("points within a range"),
    CriterionKind.FIXED: _("all points or none"),
    CriterionKind.STEP: _("points in steps"),
}
RULES = {
    Rule.MEAN_SLOPE: _("slopes around the mean"),
    Rule.TWO_STEP_MEAN: _("slopes around the two-step mean"),
    Rule.SECOND_LOWEST: _("slopes around the second lowest price"),
    Rule.LOW_RATIO: _("lowest price by price"),
}
REJECTED_BY_RULE = _("Rejected by rule")
# Codes that bidding gives to a bid that arithmetic rejects.
INVALID = {"bidding.above_ceiling": _("The price is above the ceiling.")}
