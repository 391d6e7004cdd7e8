"""Pure. Construction works, open tender with post-qualification (工程建设公开招标, 资格后审), domain.md 2.1.

Enters: nothing. Leaves: `PROCEDURE`. "Law" is the Bidding Law, "Regulation" its Implementation Regulation.
"""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from ledger.errors import _
from trading.periods import days
from trading.procedures.procedure import (
    BondLimit,
    CommitteeRule,
    Mechanism,
    Method,
    PaperKind,
    Procedure,
    Term,
    VolumeKind,
)
from trading.stages import MOVES

PROCEDURE = Procedure(
    code="construction",
    name=_("Construction works, open tender"),
    mechanism=Mechanism.SEALED,
    moves=MOVES,
    terms=MappingProxyType(
        {
            "documents": Term(days(5), _("Bidding Regulation, article 16")),
            "preparation": Term(days(20), _("Bidding Law, article 24")),
            "clarification": Term(days(15), _("Bidding Regulation, article 21")),
            "objection_to_papers": Term(days(10), _("Bidding Regulation, article 22")),
            "answer": Term(days(3), _("Bidding Regulation, articles 22 and 54")),
            "publicity_start": Term(days(3), _("Bidding Regulation, article 54")),
            "publicity": Term(days(3), _("Bidding Regulation, article 54")),
            "report": Term(days(15), _("Bidding Law, article 47")),
            "contract": Term(days(30), _("Bidding Law, article 46")),
            "bond_refund": Term(days(5), _("Bidding Regulation, article 57")),
            "complaint": Term(days(10), _("Bidding Regulation, article 60")),
        }
    ),
    papers=(
        PaperKind(
            code="tender_document",
            name=_("Tender document"),
            required=True,
            article=_("Bidding Regulation, article 15"),
        ),
        PaperKind(
            code="review_record",
            name=_("Record of the fair competition review"),
            required=True,
            article=_("Fair Competition Review Regulation, article 9"),
        ),
        PaperKind(
            code="quantities", name=_("Bill of quantities"), required=False, article=_("Bidding Law, article 19")
        ),
        PaperKind(code="drawings", name=_("Drawings"), required=False, article=_("Bidding Law, article 19")),
    ),
    bond=BondLimit(Decimal("0.02"), Decimal("800000.00"), _("Bidding Regulation, article 26")),
    committee=CommitteeRule(5, (2, 3), _("Bidding Law, article 37")),
    methods=frozenset({Method.COMPREHENSIVE, Method.LOWEST_EVALUATED}),
    least_bidders=3,
    most_candidates=3,
    volumes=(
        VolumeKind(
            code="opening_list",
            name=_("Opening list"),
            stems=("开标一览表", "opening-list"),
            endings=("xlsx",),
            required=True,
            article=_("Bidding Law, article 36"),
        ),
        VolumeKind(
            code="price_schedule",
            name=_("Price schedule"),
            stems=("报价表", "已标价工程量清单", "price-schedule"),
            endings=("xlsx",),
            required=True,
            article=_("Order 30, article 36"),
        ),
        VolumeKind(
            code="technical",
            name=_("Technical volume"),
            stems=("技术标", "技术文件", "施工组织设计", "technical"),
            endings=("docx", "pdf"),
            required=True,
            article=_("Order 30, article 36"),
        ),
        VolumeKind(
            code="commercial",
            name=_("Commercial volume"),
            stems=("商务标", "商务文件", "投标函", "commercial"),
            endings=("docx", "pdf"),
            required=True,
            article=_("Order 30, article 36"),
        ),
    ),
)
