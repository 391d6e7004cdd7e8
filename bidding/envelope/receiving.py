"""Pure. What is checked of a sealed file as soon as its header is in, while the bidder can still mend it (sealing.md).

Enters: the first bytes of an upload, its declared size, custody sheet, submission id. Leaves: the header taken apart.
The opening uses the same function, so nothing received here fails there for its form.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bidding.envelope import stanza
from bidding.envelope.header import Header, Stanza, parse_header
from bidding.envelope.padding import package_length
from bidding.envelope.sheet import CustodySheet, sheet_digest
from bidding.envelope.x25519 import read_share
from ledger.errors import _, refused


@dataclass(frozen=True)
class ReceivedHeader:
    """A header that passed: its stanza taken apart, its length and digest, the length of the package behind it."""

    header: Header
    opening: stanza.Opening
    length: int
    digest: bytes
    package_length: int

    @property
    def share(self) -> bytes:
        """E: no two envelopes of a lot have the same, unless one is a copy of the other."""
        return self.opening.share

    @property
    def submission(self) -> str:
        """The submission id."""
        return self.opening.submission


def check_header(prefix: bytes, *, sheet: CustodySheet, submission: str, size: int) -> ReceivedHeader:
    """The header at the start of a file of `size` bytes; refused unless it is sealed for `sheet` under `submission`.

    `prefix` holds at least the whole header (`header.header_length` says when); what follows is not looked at.
    """
    header = parse_header(prefix)
    opening = _check_profile(header.stanzas)
    if opening.sheet != sheet_digest(sheet):
        refused(
            "bidding.other_sheet", _("The file is sealed for another lot, another round or an earlier custody sheet.")
        )
    if opening.policy.text != sheet.policy:
        refused("bidding.other_policy", _("The file is sealed under another policy than the custody sheet's."))
    if opening.submission != submission:
        refused("bidding.other_submission", _("The file is sealed for another submission."))
    data = header.write()
    return ReceivedHeader(header, opening, len(data), hashlib.sha256(data).digest(), package_length(size, len(data)))


def _check_profile(stanzas: tuple[Stanza, ...]) -> stanza.Opening:
    """Exactly one opening stanza, first, and at most one X25519 stanza to the bidder's own key."""
    kinds = [one.kind for one in stanzas]
    if kinds.count(stanza.KIND) > 1:
        refused("bidding.second_opening", _("The header holds a second opening stanza."))
    if kinds.count("X25519") > 1:
        refused("bidding.second_own_key", _("The header holds more than one stanza for the bidder's own key."))
    if not set(kinds) <= {stanza.KIND, "X25519"}:
        refused("bidding.foreign_stanza", _("The header holds a stanza that an envelope must not hold."))
    opening = stanza.read(stanzas[0])
    for own in stanzas[1:]:
        read_share(own)
    return opening
