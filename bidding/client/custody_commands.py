"""The custodian's commands: a key for one tender, the sheets, the shares at the opening.

Enters: the arguments of a command. Leaves: lines for a person; files in the folder.
"""

from __future__ import annotations

import json
from argparse import Namespace

from bidding.client import custodian
from bidding.client.access import folder_of, session_of
from bidding.client.showing import OUT, bar
from ledger.errors import _


def custodian_key(given: Namespace) -> None:
    """Make a custodian's key."""
    identity = folder_of(given).make_custodian_key(plain=given.plain)
    OUT.print(f"public key: {identity.recipient}")


def destroy_key(given: Namespace) -> None:
    """Destroy the custodian's keys."""
    folder_of(given).destroy_custodian_key()
    OUT.print("destroyed")


def register_key(given: Namespace) -> None:
    """Register the custodian's key."""
    facts = custodian.register_key(session_of(given), folder_of(given), given.tender)
    OUT.print(f"registered under {facts['label']}")


def sign_sheets(given: Namespace) -> None:
    """Sign the custody sheets."""
    facts = custodian.sign_sheets(session_of(given), folder_of(given), given.tender)
    OUT.print("in force: " + (", ".join(facts["sealed"]) or "none yet"))


def release(given: Namespace) -> None:
    """Give the shares of a lot."""
    with bar(_("opening leaves"), given.language) as progress:
        facts = custodian.release(session_of(given), folder_of(given), given.lot, progress=progress)
    OUT.print(json.dumps(facts, ensure_ascii=False))
