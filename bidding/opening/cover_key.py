"""Pure. The key of a cover, which travels in the bid: whoever opens the bid can open the cover (domain.md 7.2)."""

from __future__ import annotations

from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.x25519 import Identity, parse_identity
from ledger.errors import Refused

KEY_FILE = "cover.key"
LONGEST_KEY = 200


def key_in(package: OpenedPackage) -> Identity | None:
    """The identity in the file `cover.key` of a bid; None without one, or when it is no key."""
    entry = next((one for one in package.manifest.files if one.name == KEY_FILE), None)
    if entry is None or entry.size > LONGEST_KEY:
        return None
    try:
        return parse_identity(b"".join(package.read(entry)).decode("ascii").strip())
    except (Refused, UnicodeDecodeError):
        return None
