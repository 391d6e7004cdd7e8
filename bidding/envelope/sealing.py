"""Pure. Seal a package for a lot: one opening stanza, at most one for the bidder's own key, the payload (sealing.md).

Enters: a padded package, the custody sheet, the salt whose hex is the submission id. Leaves: the sealed file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bidding.envelope import stanza
from bidding.envelope.header import Stanza, make_header
from bidding.envelope.padding import padded
from bidding.envelope.sheet import CustodySheet, check_sheet, leaf_keys, policy_of, sheet_digest
from bidding.envelope.stream import SealingWriter, Sink, Source, sealed_length
from bidding.envelope.x25519 import FILE_KEY, Recipient
from ledger.errors import _, refused


@dataclass(frozen=True)
class SealedAs:
    """What sealing gave: submission id, header bytes, size of the whole file."""

    submission: str
    header: bytes
    size: int


def new_salt() -> bytes:
    """A fresh salt; its lower-case hex is the submission id that the manifest names."""
    return secrets.token_bytes(16)


def seal(
    package: Source,
    sink: Sink,
    *,
    sheet: CustodySheet,
    salt: bytes,
    own: Recipient | None = None,
    file_key: bytes | None = None,
) -> SealedAs:
    """Write the sealed file of `package` to `sink`. `own` is the bidder's key, `file_key` is drawn unless given.

    Refused: a sheet that breaks its rules, a policy with `b` without `own`, a package that is not padded; in the last
    case what was written is no sealed file.
    """
    check_sheet(sheet)
    file_key = secrets.token_bytes(FILE_KEY) if file_key is None else file_key
    header = make_header(file_key, _stanzas(file_key, salt, sheet, own)).write()
    sink.write(memoryview(header))
    writer = SealingWriter(sink, file_key)
    writer.copy(package)
    if padded(writer.length) != writer.length:
        refused("bidding.unpadded", _("The package was not padded: its length would tell too much."))
    writer.close()
    return SealedAs(salt.hex(), header, len(header) + sealed_length(writer.length))


def _stanzas(file_key: bytes, salt: bytes, sheet: CustodySheet, own: Recipient | None) -> tuple[Stanza, ...]:
    keys = leaf_keys(sheet, own.key if own else None)
    opening = stanza.build(file_key, salt, sheet_digest(sheet), policy_of(sheet), keys).stanza()
    return (opening, own.wrap(file_key)) if own else (opening,)
