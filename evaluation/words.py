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
# Stages of a room (evaluation/models.py).
STAGES = {
    "gathering": _("Gathering"),
    "admitting": _("Admission"),
    "scoring": _("Scoring"),
    "tied": _("Tie to be decided"),
    "reporting": _("Report"),
    "closed": _("Done"),
    "failed": _("All bids rejected"),
}
ENTRIES = {
    "evaluation:room:opened": _("The evaluation room is open"),
    "evaluation:seat:entered": _("A member entered and promised"),
    "evaluation:leader:voted": _("A member voted for the leader"),
    "evaluation:leader:elected": _("The leader is elected"),
    "evaluation:sheet:signed": _("A member signed a sheet"),
    "evaluation:admission:counted": _("The votes on admission are counted"),
    "evaluation:sheets:returned": _("Members differ on facts and sign again"),
    "evaluation:scores:counted": _("The points are counted"),
    "evaluation:tie:decided": _("The panel decided a tie"),
    "evaluation:report:made": _("The report stands"),
    "evaluation:report:signed": _("A member signed the report"),
    "evaluation:lot:evaluated": _("The evaluation is over"),
    "evaluation:lot:failed": _("Every bid is rejected"),
}
