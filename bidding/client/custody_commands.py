"""The custodian's commands: a key for one tender, the sheets, the shares at the opening.

Enters: the arguments of a command. Leaves: lines for a person, in the person's language; files in the folder.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from hashlib import sha256

from bidding.client import custodian, destroying
from bidding.client.access import folder_of, session_of
from bidding.client.rehearsing import ROUND
from bidding.client.showing import OUT, bar
from bidding.custody.signed_sheet import groups
from bidding.envelope.policy import in_words
from bidding.envelope.sheet import CustodySheet, policy_of
from ledger.catalogue import say
from ledger.errors import _

REHEARSALS = {
    "no_keys": _("waits for keys"),
    "unsigned": _("waits for signatures"),
    "unsealed": _("waits for its envelope"),
    "waiting": _("waits for shares"),
    "opened": _("held: the keys open"),
    "failed": _("failed: the keys did not open"),
}
OPENINGS = {
    "waiting": _("Bids are being taken"),
    "counting": _("Bids are being counted"),
    "due": _("Your shares are due"),
    "given": _("Shares given"),
}


def _tell(given: Namespace, text: str, **facts: object) -> None:
    """A sentence in the person's language, as one line."""
    words = say(text, given.language)
    OUT.print(words % facts if facts else words, soft_wrap=True, markup=False)


def custodian_key(given: Namespace) -> None:
    """Make a custodian's key; with --renew another one in the place of a lost or stolen one."""
    folder = folder_of(given)
    make = folder.renew_custodian_key if given.renew else folder.make_custodian_key
    _tell(given, _("public key: %(key)s"), key=make(plain=given.plain).recipient)


def destroy_key(given: Namespace) -> None:
    """Destroy the custodian's keys, once no lot needs them; with --force whatever needs them."""
    folder = folder_of(given)
    if given.force:
        folder.destroy_custodian_key()
    else:
        folder.check_custodian_key()
        destroying.destroy_keys(session_of(given), folder)
    _tell(given, _("The custodian's keys are destroyed: what was not opened stays closed for ever."))


def policy(given: Namespace) -> None:
    """Choose who together may open (agent)."""
    OUT.print(custodian.choose_policy(session_of(given), given.tender, given.policy)["words"], soft_wrap=True)


def register_key(given: Namespace) -> None:
    """Register the custodian's key."""
    facts = custodian.register_key(session_of(given), folder_of(given), given.tender, label=given.label)
    _tell(given, _("Your key is registered under %(label)s."), label=facts["label"])


def sign_sheets(given: Namespace) -> None:
    """Show who can open under the sheets as their bytes say, and sign them."""

    def show(sheet: CustodySheet, names: Mapping[str, str]) -> None:
        kind = say(_("rehearsal"), given.language) + "  " if sheet.round == ROUND else ""
        words = in_words(policy_of(sheet), lambda text: say(text, given.language))
        OUT.print(f"{kind}{sheet.lot}  {sheet.policy}  {words}", soft_wrap=True, markup=False)
        for leaf in sheet.leaves:
            holder = f"{names.get(leaf.holder, '')}  {leaf.holder}".strip()
            OUT.print(f"  {leaf.label}  {holder}  {groups(sha256(leaf.key).hexdigest())}", soft_wrap=True, markup=False)

    facts = custodian.sign_sheets(session_of(given), folder_of(given), given.tender, show=show)
    if facts["sealed"]:
        _tell(given, _("in force: %(lots)s"), lots=", ".join(facts["sealed"]))
    elif not facts["signed"]:
        _tell(given, _("You have signed every sheet."))
    else:
        _tell(given, _("No sheet has come into force by this: each needs the signatures of all its custodians."))


def rehearse(given: Namespace) -> None:
    """Do the own part of the rehearsal."""
    state = custodian.rehearse(session_of(given), folder_of(given), given.tender)
    _tell(given, _("Rehearsal: %(state)s"), state=say(REHEARSALS.get(state, state), given.language))


def replace_sheets(given: Namespace) -> None:
    """Bring new sheets into force by an addendum (agent)."""
    facts = custodian.replace_sheets(session_of(given), given.tender, given.title, given.text)
    _tell(given, _("The new sheets are in force by addendum %(number)s."), number=facts["notice"])


def due(given: Namespace) -> None:
    """List the openings that wait for this custodian, and say when nothing needs the key any more."""
    session = session_of(given)
    found = custodian.due(session)
    for one in found:
        state = say(OPENINGS.get(one["state"], one["state"]), given.language)
        line = f"{one['lot']}  {one['deadline']}  {one['leaf']}  {state}  {one['title']}"
        OUT.print(line, soft_wrap=True, markup=False)
    if not found:
        _tell(given, _("No opening waits for you."))
    for key in destroying.idle_keys(session, folder_of(given)):
        _tell(given, _("No lot needs the key %(key)s any more: destroy it (destroy-key)."), key=key)


def release(given: Namespace) -> None:
    """Give the shares of a lot."""
    with bar(_("opening leaves"), given.language) as progress:
        facts = custodian.release(session_of(given), folder_of(given), given.lot, progress=progress)
    text = _("The shares of %(count)s bids are given under %(leaf)s, at %(at)s.")
    _tell(given, text, count=facts["count"], leaf=facts["leaf"], at=facts["at"])
