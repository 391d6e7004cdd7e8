"""The custodian's commands: a key for one tender, the sheets, the shares at the opening.

Enters: the arguments of a command. Leaves: lines for a person; files in the folder.
"""

from __future__ import annotations

import json
from argparse import Namespace
from hashlib import sha256

from bidding.client import custodian
from bidding.client.access import folder_of, session_of
from bidding.client.showing import OUT, bar
from bidding.custody.signed_sheet import groups
from bidding.envelope.policy import in_words
from bidding.envelope.sheet import policy_of
from ledger.errors import _


def custodian_key(given: Namespace) -> None:
    """Make a custodian's key; with --renew another one in the place of a lost or stolen one."""
    folder = folder_of(given)
    make = folder.renew_custodian_key if given.renew else folder.make_custodian_key
    OUT.print(f"public key: {make(plain=given.plain).recipient}")


def destroy_key(given: Namespace) -> None:
    """Destroy the custodian's keys."""
    folder_of(given).destroy_custodian_key()
    OUT.print("destroyed")


def policy(given: Namespace) -> None:
    """Choose who together may open (agent)."""
    OUT.print(custodian.choose_policy(session_of(given), given.tender, given.policy)["words"])


def register_key(given: Namespace) -> None:
    """Register the custodian's key."""
    facts = custodian.register_key(session_of(given), folder_of(given), given.tender, label=given.label)
    OUT.print(f"registered under {facts['label']}")


def sign_sheets(given: Namespace) -> None:
    """Show who can open under the sheets as their bytes say, then sign them."""
    session = session_of(given)
    for sheet in custodian.sheets_to_sign(session, given.tender):
        OUT.print(f"{sheet.lot}  {in_words(policy_of(sheet))}")
        for leaf in sheet.leaves:
            OUT.print(f"  {leaf.label}  {leaf.holder}  {groups(sha256(leaf.key).hexdigest())}")
    facts = custodian.sign_sheets(session, folder_of(given), given.tender)
    OUT.print("in force: " + (", ".join(facts["sealed"]) or "none yet"))


def rehearse(given: Namespace) -> None:
    """Do the own part of the rehearsal."""
    OUT.print(custodian.rehearse(session_of(given), folder_of(given), given.tender))


def replace_sheets(given: Namespace) -> None:
    """Bring new sheets into force by an addendum (agent)."""
    facts = custodian.replace_sheets(session_of(given), given.tender, given.title, given.text)
    OUT.print(json.dumps(facts, ensure_ascii=False))


def due(given: Namespace) -> None:
    """List the openings that wait for this custodian."""
    for one in custodian.due(session_of(given)):
        OUT.print(f"{one['lot']}  {one['deadline']}  {one['leaf']}  {one['state']}  {one['title']}", soft_wrap=True)


def release(given: Namespace) -> None:
    """Give the shares of a lot."""
    with bar(_("opening leaves"), given.language) as progress:
        facts = custodian.release(session_of(given), folder_of(given), given.lot, progress=progress)
    OUT.print(json.dumps(facts, ensure_ascii=False))
