"""What the scripts of the custodian's pages say (config/frontend/src/custody/), in the reader's language.

Enters: nothing. Leaves: sentences by code and phrases by their English, for the JSON that travels with the page.
"""

from __future__ import annotations

from django.utils.translation import gettext

from bidding.submission.sealing_form import KEYS, SAID, SHEET
from ledger.errors import _

FILES = {
    "bidding.identity_missing": _("Choose the file of your custodian's key and open it."),
    "bidding.key_file": _("This is not a file of keys."),
    "bidding.passphrase_short": _("A passphrase for a custodian's key has at least %(least)s characters."),
    "bidding.passphrase_differs": _("The two passphrases are not the same."),
    "bidding.other_certificate": _("Sign with your own certificate: this one is another organisation's."),
    "bidding.log_key": _("The log's key is not written as it must be."),
    "bidding.witness_policy": _("The witness policy is not written as it must be."),
}
STEPS = {
    "bidding.files_closed": _("Open your files above first."),
    "bidding.leaf_missing": _("Choose which key of the policy you hold."),
    "bidding.key_registered": _("This key is registered."),
    "bidding.no_sheet": _("There is no custody sheet to sign."),
    "bidding.sheets_signed": _("You have signed every sheet."),
    "bidding.sheet_not_mine": _("Your own key does not stand under your own label in this custody sheet."),
    "bidding.policy_changed": _(
        "The policy is another than when you registered your key: read it, then register your key again."
    ),
    "bidding.sheets_differ": _("The sheets of the lots do not hold the same keys."),
    "bidding.no_rehearsal_sheet": _("The rehearsal's sheet is not signed by all custodians yet."),
    "bidding.no_rehearsal_envelope": _("The agent has not sealed the rehearsal's envelope yet."),
    "bidding.rehearsed": _("The rehearsal with these keys has been held."),
    "bidding.released": _("The shares of this leaf are in already."),
    "bidding.leaf_closed": _("This leaf does not open with your key."),
}
OPENING = {
    "bidding.sheet_not_signed": _("This is not a custody sheet that you have signed."),
    "bidding.other_log": _("The site names another log than the one you believed when you signed the sheet."),
    "bidding.other_sheet_shown": _("The site shows another custody sheet than the one you signed."),
    "bidding.not_on_sheet": _("This key does not stand in the custody sheet."),
    "bidding.headers_form": _("What the site says about the bids is not written as it must be."),
    "bidding.closing_not_proved": _("The count of the bids is not proved to be in the log."),
    "bidding.other_closing": _("The count shown is that of another lot or round."),
    "bidding.closing_unwitnessed": _(
        "Not enough witnesses of your policy have cosigned the count after the deadline."
    ),
    "bidding.before_deadline": _("By your own clock the deadline has not passed."),
    "bidding.below_minimum": _("Fewer bids than the law asks for: nothing is opened."),
    "bidding.other_headers": _("The headers shown are not those of the counted bids."),
    "bidding.shares_repeat": _("Two of the bids carry the same share: one is a copy of the other."),
    "bidding.not_age": _("A bid shown is no sealed file."),
}
LINE = {
    "page.lost_before": _("The site was not reached. Nothing was sent; try again."),
    "page.lost_batch": _(
        "The connection is lost. Your batch is kept in this page and is sent again; the same batch counts once."
    ),
    "page.signed_out": _("You are no longer signed in. Sign in in another window, then try again."),
    "page.insecure": _("This page was not opened over https, so the browser has no cryptography for it."),
    "page.broken": _("Something in the page failed. Nothing was given. Load the page again, or use the client."),
}
SAYS = (
    *SAID,
    _("Working …"),
    _("Your custodian's key, fingerprint %(print)s"),
    _("(your key)"),
    _("Rehearsal, %(lot)s"),
    _("%(count)s sheets of round %(round)s; the same keys and the same policy in each."),
    _("Registered under %(label)s."),
    _("Signed: %(count)s sheets."),
    _("Sealed: now every custodian opens it."),
    _("Your key opened its part of the rehearsal."),
    _("%(count)s bids"),
    _("Give my shares of all %(count)s bids"),
    _("Decrypting your leaf of every bid"),
    _("Sending the batch"),
)


def custody_words() -> dict[str, dict[str, str]]:
    """Sentences by code, and the phrases of the scripts by their English."""
    reasons = SHEET | KEYS | FILES | STEPS | OPENING | LINE
    return {
        "reasons": {code: gettext(text) for code, text in reasons.items()},
        "say": {text: gettext(text) for text in SAYS},
    }
