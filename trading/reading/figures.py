"""The public statistics: lots with a result, their awards against their ceilings (domain.md 11.1).

Enters: nothing but the rows. Leaves: a `Report` with its lines, sums and rate, as table, CSV and for machines. A total
is the sum of its lines; a rate is the ratio of sums.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from trading.models import Award, Lot
from trading.money import percent, thousands
from trading.periods import local
from trading.stages import Stage
from trading.statistics import Savings, Traded, failure_rate, savings

COUNTED = (Stage.AWARDED, Stage.CONTRACTED)
MOST = 1_000


@dataclass(frozen=True)
class Line:
    """One lot with a result."""

    award: Award

    @property
    def traded(self) -> Traded:
        """The figures that count."""
        return Traded(self.award.amount, self.award.lot.ceiling)

    @property
    def own(self) -> Savings:
        """The savings of this lot alone."""
        return savings([self.traded])

    @property
    def cells(self) -> list[object]:
        """The line as cells of parts/data_table.html."""
        lot, own = self.award.lot, self.own
        known = lot.ceiling is not None
        return [
            {"text": f"{lot.tender.title} · {lot.title}", "href": f"/lots/{lot.code}"},
            local(self.award.at).date().isoformat(),
            {"text": thousands(lot.ceiling) if lot.ceiling is not None else "–", "value": lot.ceiling or 0},
            {"text": thousands(self.award.amount), "value": self.award.amount},
            {"text": thousands(own.saved) if known else "–", "value": own.saved},
            {"text": own.rate_shown(), "value": own.rate or 0},
        ]


@dataclass(frozen=True)
class Report:
    """The report over all lots with a result."""

    lines: list[Line]
    failed: int

    @property
    def sums(self) -> Savings:
        """The sums over all lines."""
        return savings(line.traded for line in self.lines)

    @property
    def rows(self) -> list[dict[str, object]]:
        """The lines for the table."""
        return [{"cells": line.cells} for line in self.lines]

    @property
    def foot(self) -> list[object]:
        """The total: sums of the columns, the rate from the sums."""
        sums = self.sums
        return [
            _("Total"),
            "",
            thousands(sums.base),
            thousands(sums.turnover),
            thousands(sums.saved),
            sums.rate_shown(),
        ]

    @property
    def failure(self) -> str:
        """The share of failed lots, in percent."""
        rate = failure_rate(self.failed, len(self.lines))
        return "–" if rate is None else percent(rate)

    @property
    def capacious(self) -> dict[str, Decimal]:
        """The sums as amounts."""
        return {"turnover": self.sums.turnover, "saved": self.sums.saved, "base": self.sums.base}

    @property
    def facts(self) -> dict[str, object]:
        """The report for machines."""
        sums = self.sums
        rate = None if sums.rate is None else f"{sums.rate:.6f}"
        return {"lots": sums.lots, "lots_with_base": sums.lots_with_base, "failed": self.failed, "rate": rate,
                **{name: f"{amount:.2f}" for name, amount in self.capacious.items()}}  # fmt: skip

    def csv(self) -> str:
        """The lines as CSV: lot, day, ceiling, award, saved, rate."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["tender", "lot", "awarded", "ceiling", "award", "saved", "rate"])
        for line in self.lines:
            lot, own = line.award.lot, line.own
            base = "" if lot.ceiling is None else f"{lot.ceiling:.2f}"
            saved = "" if lot.ceiling is None else f"{own.saved:.2f}"
            rate = "" if own.rate is None else f"{own.rate:.6f}"
            day = local(line.award.at).date().isoformat()
            writer.writerow([lot.tender.code, lot.code, day, base, f"{line.award.amount:.2f}", saved, rate])
        return "\ufeff" + out.getvalue()


def report() -> Report:
    """The last award of every lot that has a standing result, newest first."""
    q = Award.objects.filter(lot__stage__in=COUNTED).select_related("lot__tender").order_by("-at", "-pk")[:MOST]
    last: dict[int, Award] = {}
    for award in q:
        last.setdefault(award.lot_id, award)
    return Report([Line(award) for award in last.values()], Lot.objects.filter(stage=Stage.FAILED).count())
