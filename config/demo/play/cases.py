"""Pure. The built-in case: one construction tender with three lots.

Lot 1 is a worked example: seven bids, base price 9,596,000. Lot 2 is large and goes to the lowest price, 4.28 % below
its ceiling. Lot 3 has two bids and fails. A second tender stays open for whoever comes by. Enters: nothing. Leaves:
`BUILT_IN`, `STILL_OPEN`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.demo.play.cast import CAST
from config.demo.play.stage import LotCase, Offer, TenderCase
from trading.method import LOWEST, WORKED

A, B, C, D, E, F, G, H = CAST.bidders  # the letters of the worked example, and one more

TITLES = {
    "licence": ("营业执照与资质等级", "招标投标法实施条例第五十一条第（三）项"),
    "safety": ("安全生产许可证", "招标投标法实施条例第五十一条第（三）项"),
    "signed": ("按要求盖章、签字", "招标投标法实施条例第五十一条第（一）项"),
    "substance": ("响应招标文件实质性要求", "招标投标法实施条例第五十一条第（六）项"),
    "plan": ("施工组织设计", ""),
    "quality": ("质量与安全保证措施", ""),
    "schedule": ("进度计划与资源配置", ""),
}


def in_chinese(declared: Mapping[str, Any]) -> dict[str, Any]:
    """A declared method with its points in Chinese, as a tender document writes them."""
    return {**declared, "criteria": [_titled(one) for one in declared["criteria"]]}


def _titled(criterion: Mapping[str, Any]) -> dict[str, Any]:
    title, clause = TITLES[criterion["code"]]
    return {**criterion, "title": title, **({"clause": clause} if clause else {})}


def _marks(plan: str, quality: str, schedule: str) -> dict[str, str]:
    """What a technical bid is worth, of 15, 15 and 10 points."""
    return {"plan": plan, "quality": quality, "schedule": schedule}


LOT_1 = LotCase(
    title="标段一 滨海大道市政道路工程（K0+000—K2+400）",
    ceiling="10000000.00",
    bond="180000.00",
    days=300,
    method=in_chinese(WORKED),
    offers=(
        Offer(A, "9850000.00", 295, _marks("12.1", "11.9", "8.0")),
        Offer(B, "9720000.00", 300, _marks("12.5", "12.7", "8.2")),
        Offer(C, "9680000.00", 290, _marks("12.9", "12.6", "8.5"), first_price="9790000.00"),
        Offer(D, "9600000.00", 285, _marks("13.9", "13.8", "9.1")),
        Offer(E, "9550000.00", 290, _marks("13.5", "13.3", "9.0")),
        Offer(F, "9430000.00", 298, _marks("12.8", "13.0", "8.4"), withdrawn_first="9510000.00"),
        Offer(G, "9120000.00", 300, _marks("11.4", "11.7", "7.7")),
    ),
    late=H,
)
LOT_2 = LotCase(
    title="标段二 中央排涝泵站及配套管网工程",
    ceiling="50353100.00",
    bond="800000.00",
    days=540,
    method=in_chinese(LOWEST),
    offers=(
        Offer(E, "48197987.32", 530),
        Offer(D, "48866000.00", 535),
        Offer(A, "49120500.00", 540),
        Offer(F, "49655800.00", 525, first_price="50880000.00"),
    ),
)
LOT_3 = LotCase(
    title="标段三 沿线景观照明与绿化工程",
    ceiling="3600000.00",
    bond="60000.00",
    days=120,
    method=in_chinese(LOWEST),
    offers=(Offer(H, "3480000.00", 118), Offer(G, "3515000.00", 120)),
)
BUILT_IN = TenderCase(
    title="临澜市滨海片区市政基础设施工程（一期）施工招标",
    summary="建设内容包括滨海大道道路与排水、中央排涝泵站及配套管网、沿线景观照明与绿化，分三个标段。"
    "资金来源为财政资金，已落实。资格后审，不接受联合体投标。",
    lots=(LOT_1, LOT_2, LOT_3),
)
STILL_OPEN = TenderCase(
    title="临澜市青石河生态修复与滨水步道工程施工招标",
    summary="河道清淤、护岸修复与滨水步道，一个标段。正在接受投标，可在投标人桌面试递交一份加密投标文件。",
    lots=(
        LotCase(
            title="青石河生态修复与滨水步道工程",
            ceiling="12600000.00",
            bond="0.00",
            days=210,
            method=in_chinese(WORKED),
            offers=(),
        ),
    ),
)
