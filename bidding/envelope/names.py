"""Pure. Names that a file of a package may have: plain, no folders, none that a file system takes for another.

Enters: a name. Leaves: the same name; refused otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from ledger.errors import _, refused

MANIFEST, SIGNATURE, PADDING = "manifest.json", "manifest.p7s", "padding"
RESERVED = frozenset({MANIFEST, SIGNATURE, PADDING})
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
FORBIDDEN = frozenset('/\\:*?"<>|')
LONGEST = 200


def check_name(name: str) -> str:
    """`name` itself; refused: folders, path tricks, devices, reserved names, invisible letters, over 200 bytes."""
    if _foul(name) or name.casefold() in RESERVED:
        refused("bidding.file_name", _("A file of the package has a name that is not allowed."))
    return name


def _foul(name: str) -> bool:
    marks = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return (
        name != name.strip()
        or name.startswith((".", "-", "~"))
        or name.endswith(".")
        or not unicodedata.is_normalized("NFC", name)
        or any(letter in FORBIDDEN or unicodedata.category(letter) in marks for letter in name)
        or DEVICES.fullmatch(name.casefold()) is not None
        or not 1 <= len(name.encode()) <= LONGEST
    )


def check_distinct(names: Collection[str]) -> None:
    """Refused when two names are the same for a file system that ignores case or width."""
    if len({unicodedata.normalize("NFKC", name).casefold() for name in names}) < len(names):
        refused("bidding.file_twice", _("A file stands twice in the package."))
