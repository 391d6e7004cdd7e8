"""Pure. Open a sealed file with the shares of a satisfying set (sealing.md, "Opening" 5).

Enters: a checked header, shares by leaf, the file. Leaves: the file key, and the content, readable anywhere.
The file key must satisfy the MAC, and the stanza is built again from it and compared: a file opens the same for
every quorum or for none. Once the stored bytes are those of the receipt, every refusal on the way from here to the
checked manifest is the bidder's failure, except the codes in `NOT_THE_BIDDERS`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from bidding.envelope import stanza
from bidding.envelope.receiving import ReceivedHeader
from bidding.envelope.sheet import CustodySheet, leaf_keys, policy_of, sheet_digest
from bidding.envelope.stream import OpenedPayload, SealedFile
from bidding.envelope.x25519 import Identity, public_key
from ledger.errors import _, refused

NOT_THE_BIDDERS = frozenset({"bidding.share_mismatch", "bidding.leaf_closed", "bidding.too_few"})


def recover_file_key(received: ReceivedHeader, shares: Mapping[int, bytes]) -> bytes:
    """The file key out of `shares` (leaf index: 16 bytes).

    Refused: `share_mismatch` (says nothing about the bidder), `too_few`, `mac_wrong` (the bidder's failure).
    """
    for index, piece in shares.items():
        stanza.check_share(received.opening, index, piece)
    file_key = stanza.combine(received.opening.policy, shares)
    received.header.check_mac(file_key)
    return file_key


def check_rebuilt(received: ReceivedHeader, file_key: bytes, sheet: CustodySheet, own_key: bytes | None = None) -> None:
    """Refused unless the stanza that follows from `file_key` is the one in the header, byte for byte.

    Under a policy with `b`, `own_key` is the bidder's key from the manifest. Before the manifest is read leave it out:
    then everything but that one wrapped share is compared, and this must be called again.
    """
    policy, opening = policy_of(sheet), received.opening
    blind = policy.asks_bidder and own_key is None
    keys = leaf_keys(sheet, opening.share if blind else own_key)
    rebuilt = stanza.build(file_key, opening.salt, sheet_digest(sheet), policy, keys)
    hidden = policy.labels.index("b") if blind else None
    if not hmac.compare_digest(_comparable(rebuilt, hidden), _comparable(opening, hidden)):
        refused("bidding.dishonest_stanza", _("The envelope was not sealed by the rule: others could not open it."))


def _comparable(opening: stanza.Opening, hidden: int | None) -> bytes:
    if hidden is None:
        return opening.stanza().write()
    parts = tuple(part[stanza.WRAPPED :] if index == hidden else part for index, part in enumerate(opening.parts))
    return stanza.Opening(opening.policy, opening.sheet, opening.salt, opening.share, parts).stanza().write()


def open_payload(sealed: SealedFile, size: int, received: ReceivedHeader, file_key: bytes) -> OpenedPayload:
    """The package in the file of `size` bytes; each part of it is authentic when it is read, the length at once."""
    return OpenedPayload(sealed, received.length, size, file_key)


def unseal(
    sealed: SealedFile, size: int, received: ReceivedHeader, shares: Mapping[int, bytes], sheet: CustodySheet
) -> tuple[bytes, OpenedPayload]:
    """File key and content, after MAC and stanza. Under a policy with `b` see `check_rebuilt` for the rest."""
    file_key = recover_file_key(received, shares)
    check_rebuilt(received, file_key, sheet)
    return file_key, open_payload(sealed, size, received, file_key)


def own_file_key(received: ReceivedHeader, identity: Identity) -> bytes:
    """The file key for the bidder who looks at the own envelope; no way to rescue an opening."""
    for one in received.header.stanzas[1:]:
        file_key = identity.unwrap(one)
        if file_key is not None:
            received.header.check_mac(file_key)
            return file_key
    return refused("bidding.no_match", _("None of these keys opens the file."))


def leaf_of(sheet: CustodySheet, private: bytes) -> int:
    """Under which leaf of the policy the key that belongs to `private` stands."""
    key = public_key(private)
    for leaf in sheet.leaves:
        if leaf.key == key:
            return policy_of(sheet).labels.index(leaf.label)
    return refused("bidding.not_on_sheet", _("This key does not stand in the custody sheet."))
