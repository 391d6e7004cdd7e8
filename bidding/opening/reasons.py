"""Why an envelope did not open, and what is wrong with a bid that did: codes for machines, sentences for people.

Enters: a code, as the log has it. Leaves: its sentence in the reader's language. What was wrong with the form of a
header is one sentence for all its codes: the same code took the header at receipt, so people meet it only in a
rehearsal.
"""

from __future__ import annotations

from django.utils.translation import gettext

from bidding.opening.attempts import BROKE_OFF
from bidding.opening.deciding import NO_OWN_SHARE, NOT_OPENED, OTHER_BIDDER, STORED_DIFFERS, TOO_FEW
from ledger.errors import _

HEADER = _("The header of the file is not written as it must be.")
OF_HEADERS = (
    "base64", "not_age", "no_stanza", "header_cut", "crlf", "armored", "stanza_words", "mac_line", "header_too_long",
    "stanza_body", "no_opening", "opening_arguments", "opening_body", "point", "low_order", "x25519_stanza",
    "second_opening", "second_own_key", "foreign_stanza", "policy_grammar", "policy_leaves", "policy_twice",
    "policy_one_body", "policy_depth", "policy_quorum",
)  # fmt: skip
SENTENCES = {
    **{f"bidding.{word}": HEADER for word in OF_HEADERS},
    **{one.code: one.text for one in (STORED_DIFFERS, NOT_OPENED, NO_OWN_SHARE, TOO_FEW, OTHER_BIDDER, BROKE_OFF)},
    "bidding.other_sheet": _("The file is sealed for another lot, another round or an earlier custody sheet."),
    "bidding.other_policy": _("The file is sealed under another policy than the custody sheet's."),
    "bidding.other_submission": _("The file is sealed for another submission."),
    "bidding.share_mismatch": _("The share does not fit its commitment in the envelope."),
    "bidding.mac_wrong": _("The header was not written with this file key."),
    "bidding.dishonest_stanza": _("The envelope was not sealed by the rule: others could not open it."),
    "bidding.payload_nonce": _("The file ends before its content begins."),
    "bidding.payload_cut": _("The file ends too early."),
    "bidding.payload_changed": _("The sealed content was changed."),
    "bidding.payload_after_end": _("Something follows after the end of the sealed content."),
    "bidding.package_form": _("The package is not a ZIP file as it must be."),
    "bidding.package_members": _("The package holds too many files."),
    "bidding.package_method": _("A file of the package is packed in a way that is not allowed."),
    "bidding.package_parts": _("The package lacks its manifest, its signature or its padding."),
    "bidding.package_ratio": _("A file of the package would grow too much when unpacked."),
    "bidding.package_padding": _("The padding of the package is not what it must be."),
    "bidding.package_content": _("A file of the package is damaged."),
    "bidding.package_files": _("The package does not hold exactly the files that its manifest names."),
    "bidding.package_size": _("The package is empty or larger than 4 GiB less 64 MiB."),
    "bidding.unpadded": _("The package was not padded: its length would tell too much."),
    "bidding.file_name": _("A file of the package has a name that is not allowed."),
    "bidding.file_twice": _("A file stands twice in the package."),
    "bidding.file_digest": _("A file of the package is not the one that its manifest names."),
    "bidding.manifest": _("The declaration of the bid inside is not written as it must be."),
    "bidding.price": _("The price is not a decimal number with at most two places."),
    "bidding.manifest_lot": _("The manifest is made for another lot or round."),
    "bidding.manifest_sheet": _("The manifest is made for another custody sheet."),
    "bidding.manifest_submission": _("The manifest is made for another submission."),
    "bidding.manifest_own_key": _("The bidder's own key stands in the manifest where the policy has b."),
    "bidding.unknown_party": _("The bid names an organisation that is not registered here."),
    "signature.malformed": _("The signature is not a CMS signature."),
    "signature.algorithm": _("The signature is not made in a way that is allowed here."),
    "signature.other_data": _("The signature belongs to other data."),
    "signature.wrong": _("The signature does not hold."),
    "signature.untrusted": _("The signer's certificate is not trusted, or not valid at this time."),
    "signature.not_yours": _("The signature was made with somebody else's certificate."),
    "bidding.above_ceiling": _("The price is above the ceiling of the lot."),
    "cover.missing": _("No cover was lodged for this bid."),
    "cover.no_key": _("The bid holds no key for its cover."),
    "cover.closed": _("The key in the bid does not open the cover."),
    "cover.changed": _("The lodged cover was changed."),
    "cover.malformed": _("This is not a guarantee or deposit statement."),
    "cover.issuer": _("The cover was not signed by the guarantor it names."),
    "cover.other_lot": _("The cover was issued for another lot."),
    "cover.other_beneficiary": _("The cover names another beneficiary."),
    "cover.other_bidder": _("The cover was issued for another bidder."),
    "cover.kind": _("The cover is neither a guarantee nor a deposit."),
    "cover.too_small": _("The cover is smaller than the bond that the lot asks for."),
    "cover.too_short": _("The cover ends before the validity of the bid does."),
}


def why(code: str) -> str:
    """The sentence of a code; the code itself where no opening gives it."""
    return gettext(SENTENCES[code]) if code in SENTENCES else code
