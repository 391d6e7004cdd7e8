"""What the page's sections for the own key are given: looking at what was sent, and the own share at the opening.

Enters: a lot, the facts of the bid desk. Leaves: JSON values with addresses and words, None where there is nothing to
look at or to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bidding.envelope.policy import parse_policy
from bidding.submission.sealing_form import sealing_words
from ledger.errors import _
from trading.models import Lot
from trading.stages import Stage

NUMBER = "NUMBER"  # where the page puts a receipt number
REASONS = {
    "bidding.identity_missing": _("Choose the file of your own key."),
    "bidding.key_file": _("This is not a file of keys."),
    "bidding.no_match": _("None of these keys opens the file."),
    "bidding.mac_wrong": _("The header of the file was changed."),
    "bidding.not_age": _("This is not an age file."),
    "bidding.other_policy": _("The file is sealed under another policy than the custody sheet's."),
    "bidding.other_submission": _("The file is sealed for another submission."),
    "bidding.payload_changed": _("The sealed content was changed."),
    "bidding.payload_cut": _("The file ends too early."),
    "bidding.package_form": _("The package is not a ZIP file as it must be."),
    "bidding.file_digest": _("A file of the package is not the one that its manifest names."),
    "bidding.dishonest_stanza": _("The envelope was not sealed by the rule: others could not open it."),
    "bidding.leaf_closed": _("This leaf of the envelope does not open with this key."),
    "bidding.share_mismatch": _("The share does not fit its commitment in the envelope."),
    "page.lost_here": _("The connection is lost. Try again."),
}
SAID = (
    _("Fetching the sealed file"),
    _("Looking: %(done)s of %(total)s"),
    _("Save"),
    _("Duration"),
    _("Quality standard"),
    _("Manager of the works"),
)


def _words() -> dict[str, dict[str, str]]:
    words = sealing_words()
    words["reasons"] |= {code: gettext(text) for code, text in REASONS.items()}
    words["say"] |= {text: gettext(text) for text in SAID}
    return words


def asks_bidder(facts: Mapping[str, Any]) -> bool:
    """Whether the lot's policy gives the bidder a leaf."""
    return bool(facts["sheet"]) and parse_policy(facts["sheet"]["policy"]).asks_bidder


def sealed_numbers(facts: Mapping[str, Any]) -> list[str]:
    """The receipts of envelopes, the live one first."""
    rows = [row for row in facts["receipts"] if row["kind"] == "sealed"]
    return [row["number"] for row in sorted(rows, key=lambda row: not row["live"])]


def own_facts(lot: Lot, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """For `#looking` and `#own-share`; None while nothing of the bidder was received."""
    if not sealed_numbers(facts) or not facts["sheet"]:
        return None
    here = {"lot": lot.code}
    urls = {
        "trust": reverse("bidding:trust"),
        "envelope": reverse("bidding:own_envelope", kwargs=here | {"number": NUMBER}),
        "receipt": reverse("bidding:receipt", kwargs=here | {"number": NUMBER}),
        "share": reverse("bidding:own_share", kwargs=here),
        "give": reverse("bidding:own_share_give", kwargs=here),
    }
    return {"sheet": facts["sheet"]["sheet"], "urls": urls, "words": _words()}


def may_give(lot: Lot, facts: Mapping[str, Any]) -> bool:
    """Whether the section for the own share is shown: the policy has `b`, and the hall is open."""
    return lot.stage == Stage.OPENING and asks_bidder(facts) and bool(sealed_numbers(facts))
