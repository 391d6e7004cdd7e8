"""The end of a custodian's key: it goes when every lot of its tender has a signed record or has failed (sealing.md).

Enters: a session, the custodian's folder. Leaves: the keys destroyed, or a refusal that names the lots which need them.
"""

from __future__ import annotations

from bidding.client.keys import KeyFolder
from bidding.client.session import Session
from ledger.errors import _, refused


def lots_by_key(session: Session) -> dict[str, list[str]]:
    """Each public key of this account that the site knows, with the lots that still need it."""
    return {one["key"]: list(one["lots"]) for one in session.get("/bidding/custody")["keys"]}


def destroy_keys(session: Session, folder: KeyFolder) -> None:
    """Destroy the folder's custodian keys.

    Refused `client.key_needed` while a lot needs one of them, `client.key_unknown` when the site knows none of them as
    a key of the account that is signed in: then it cannot say what needs them.
    """
    own, known = folder.custodian_recipients(), lots_by_key(session)
    if not any(key in known for key in own):
        text = _("The site knows no key of this folder as yours: sign in as its holder. --force asks nobody.")
        refused("client.key_unknown", text)
    needing = sorted({lot for key in own for lot in known.get(key, [])})
    if needing:
        text = _(
            "The key is still needed to open the bids of %(lots)s: without it they may stay closed for ever. --force"
            " destroys it all the same."
        )
        refused("client.key_needed", text, lots=", ".join(needing))
    folder.destroy_custodian_key()


def idle_keys(session: Session, folder: KeyFolder) -> list[str]:
    """The folder's registered keys that nothing needs any more; no passphrase is asked for it."""
    known = lots_by_key(session)
    return [key for key in folder.public_halves() if known.get(key) == []]
