"""What the sealing form of the page is given: facts of the lot, addresses, and the words that its script says.

Enters: the facts of the bid desk, the lot. Leaves: one JSON value. The script refuses by the codes of the house
(config/frontend/src/seal/); their sentences, in the reader's language, travel with the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bidding.preflight.sentences import SENTENCES
from ledger.errors import _
from trading.models import Lot

SHEET = {
    "bidding.no_sheet_in_force": _("No custody sheet is in force for this lot."),
    "bidding.other_sheet": _("The custody sheet is that of another lot or round."),
    "bidding.sheet_changed": _("The custody sheet changed while the page was open. Load the page again."),
    "bidding.sheet_unsigned": _("Not every custodian has signed the custody sheet."),
    "bidding.sheet_signer": _("A signature under the custody sheet is not that of its custodian."),
    "bidding.sheet_malformed": _("The custody sheet is not written as it must be."),
    "bidding.sheet_suite": _("The custody sheet names a suite that this program does not know."),
    "bidding.sheet_bodies": _("Different letters must be different bodies, and one letter one body."),
    "bidding.sheet_persons": _("Different leaves must belong to different persons."),
    "bidding.sheet_keys": _("Different leaves must have different keys."),
    "bidding.own_key_missing": _("Under this policy the bidder's own key is needed."),
    "bidding.point": _("A public key or share is not a canonical point."),
    "bidding.low_order": _("A public key or share is a point of low order."),
    "bidding.policy_grammar": _("The policy is not written as it must be."),
    "bidding.policy_one_body": _("One body alone could open under this policy."),
    "bidding.policy_quorum": _("The policy asks for more than there are."),
    "bidding.policy_twice": _("A leaf stands twice in the policy."),
    "bidding.policy_depth": _("A policy is at most three levels deep."),
    "bidding.policy_leaves": _("A policy has at most 16 leaves."),
    "signature.malformed": _("The signature is not a CMS signature."),
    "signature.algorithm": _("Signatures are made with P-256 keys."),
    "signature.other_data": _("The signature belongs to other data."),
    "signature.wrong": _("The signature does not hold."),
    "signature.untrusted": _("The signer's certificate is not trusted, or not valid at this time."),
}
FOUND = {code: sentence.english for code, sentence in SENTENCES.items()}
OFFER = {
    "bidding.price": _("The price is not a decimal number with at most two places."),
    "bidding.above_ceiling": _("The price is above the ceiling of %(ceiling)s."),
    "bidding.days": _("State the duration in whole days."),
    "bidding.no_files": _("There is no file to put into the bid."),
    "bidding.file_name": _("A file of the package has a name that is not allowed."),
    "bidding.file_twice": _("A file stands twice in the package."),
    "bidding.cover_missing": _("This lot asks for a bid bond: add the cover."),
    "bidding.manifest": _("The manifest is not written as it must be, at “%(field)s”."),
    "bidding.package_size": _("The package is empty or larger than 4 GiB less 64 MiB."),
    "bidding.file_changed": _("A file was changed while it was being packed."),
}
KEYS = {
    "bidding.key_file_missing": _("Choose the file of your signing key and the file of its certificate."),
    "bidding.key_file_form": _("One of the chosen files is no key and no certificate."),
    "bidding.key_kind": _("The signing key must be a P-256 key."),
    "bidding.passphrase_missing": _("The key is under a passphrase: type it."),
    "bidding.passphrase_wrong": _("The passphrase does not open the key."),
    "bidding.other_key": _("None of the chosen certificates was issued for the chosen key."),
    "bidding.passphrase_short": _("A passphrase has at least %(least)s characters."),
    "bidding.key_text": _("This is not a public key."),
    "bidding.key_file": _("This is not a file of keys."),
    "bidding.other_certificate": _("The certificate was issued for another organisation than the bidder."),
}
SENT = {
    "bidding.receipt_form": _("This is not a receipt of the platform."),
    "bidding.receipt_says": _("The words beside the signed record are not what the record says."),
    "bidding.receipt_signer": _("The receipt was not signed by the platform."),
    "bidding.other_receipt": _("The receipt speaks of another file than the one that was sent."),
    "page.lost": _("The connection is lost. What was sent is kept: try again, and the rest is sent."),
    "page.file_changed": _("A file was changed after it was chosen. Choose it again."),
    "page.checking": _("The files are still being checked."),
    "page.unchecked": _("The files could not be checked here; the client on your own machine checks them too."),
    "page.undecided": _("The site has the file and has not decided it yet; ask again later."),
    "page.signed_out": _("You are no longer signed in. Sign in in another window, then try again."),
    "page.insecure": _("This page was not opened over https, so the browser has no cryptography for it."),
    "page.old_browser": _("This browser cannot seal. Use a current one, or the client on your own machine."),
    "page.broken": _("Something in the page failed. Nothing was sent. Load the page again, or use the client."),
}
SAID = (
    _("%(who)s can open the bids together."),
    _(", "),
    _("all of %(parts)s"),
    _("any %(count)s of %(parts)s"),
    _("(%(words)s)"),
    _("the agent"),
    _("the centre"),
    _("the regulator"),
    _("the bidder"),
    _("body %(letter)s"),
    _("%(body)s (person %(number)s)"),
    _("Reading the files"),
    _("Sealing"),
    _("Checking the files: %(done)s of %(total)s"),
    _("The check found %(count)s things to look at"),
    _("Nothing found"),
    _("%(count)s warnings, sealed all the same"),
    _("Price, duration and further lines are taken from the opening list."),
    _("Making the key: this takes some seconds"),
    _("Your own key, fingerprint %(print)s"),
    _("With your own key you can look at it later."),
    _("Nobody can look at it before the opening, you neither."),
    _("%(count)s files, %(size)s"),
    _("%(days)s days"),
    _("%(speed)s a second, %(left)s more"),
    _("You will finish %(spare)s before the deadline."),
    _("At this speed you will be %(late)s late. Nothing stamped in time is dropped, but what is late is refused."),
    _("%(count)s seconds"),
    _("%(count)s minutes"),
    _("%(count)s hours"),
    _("The key of %(name)s, valid until %(until)s"),
    _("Authorities pinned by your own file"),
    _("Authorities named by this site"),
)


def sealing_words() -> dict[str, dict[str, str]]:
    """Sentences by code, and the phrases of the script by their English."""
    reasons = SHEET | FOUND | OFFER | KEYS | SENT
    return {
        "reasons": {code: gettext(text) for code, text in reasons.items()},
        "say": {text: gettext(text) for text in SAID},
    }


def sealing_facts(lot: Lot, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the form's script starts from; what it trusts it checks by itself."""
    here = {"lot": lot.code}
    urls = {
        "tus": reverse("bidding:tus"),
        "desk": reverse("bidding:desk", kwargs=here),
        "cover": reverse("bidding:cover", kwargs=here),
        "submission": reverse("bidding:submission", kwargs=here | {"id": "0" * 32}),
        "trust": reverse("bidding:trust"),
    }
    return {**facts, "urls": urls, "words": sealing_words()}
