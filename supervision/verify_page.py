"""What the page /verify is given beside the facts of checking.py: addresses and words of its script, groups of checks.

Enters: the tender that a link names, if any. Leaves: one JSON value for the script, and the numbered list in groups.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext

from ledger.errors import _
from supervision.finding_words import FINDINGS, OTHERS, SAID, UNDONE
from supervision.refusal_words import REFUSALS
from supervision.verifier.verifying import CHECKS
from trading.models import Tender

Row = dict[str, object]
# The first number of each group of docs/verifying.md.
GROUPS = (
    (1, _("The evidence itself: the log, and nothing left out")),
    (8, _("Keys and people")),
    (12, _("Notice and changes to it")),
    (15, _("Bids and opening")),
    (23, _("Experts and evaluation")),
    (31, _("Result, contract, guarantees")),
    (36, _("What lay in the envelopes")),
    (40, _("Bundle and rehearsal")),
)


def groups() -> list[Row]:
    """The checks under the titles of their groups, by number."""
    firsts = [first for first, _title in GROUPS]
    made: list[Row] = [{"title": gettext(title), "first": first, "checks": []} for first, title in GROUPS]
    for one in sorted(CHECKS, key=lambda check: check.number):
        rows = cast("list[Row]", made[bisect_right(firsts, one.number) - 1]["checks"])
        rows.append({"number": one.number, "title": gettext(one.title), "is_private": one.is_private})
    return made


def script_facts(tender: Tender | None) -> Row:
    """Addresses and words of the script."""
    sentences = {f"verify.{word}": text for word, text in FINDINGS.items()} | REFUSALS | OTHERS
    bundle = reverse("supervision:bundle", kwargs={"tender": tender.code}) if tender else ""
    return {
        "log_key": reverse("supervision:log_key"),
        "roots": reverse("supervision:roots"),
        "bundle": bundle,
        "name": f"{tender.code}.zip" if tender else "",
        "words": {
            "reasons": {code: gettext(text) for code, text in sentences.items()},
            "undone": {why: gettext(text) for why, text in UNDONE.items()},
            "say": {text: gettext(text) for text in SAID},
        },
    }
