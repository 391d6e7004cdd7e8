"""What every command begins with: the folder of keys, and a session with the site.

Enters: the arguments of a command. Leaves: a `KeyFolder` that asks for its passphrase when it needs one; a signed-in
`Session`, the kept one if it still counts.
"""

from __future__ import annotations

import getpass
import os
import sys
import warnings
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bidding.client.keys import KeyFolder
from bidding.client.reading import read_text
from bidding.client.session import Session
from ledger.catalogue import say
from ledger.errors import _, refused


def _text(path: Path | None, variable: str, prompt: str) -> str:
    if path is not None:
        return read_text(path).strip()
    text = os.environ.get(variable) or _asked(getpass.getpass, prompt)
    try:
        text.encode()
    except UnicodeEncodeError:
        refused("client.not_text", _("%(name)s is not a text in UTF-8."), name=variable)
    return text


def _asked(ask: Callable[[str], str], prompt: str) -> str:
    """What the person types; where there is no terminal, the next line that is piped in, without a prompt."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            if ask is getpass.getpass or sys.stdin.isatty():
                return ask(prompt)
            line = sys.stdin.readline()
    except getpass.GetPassWarning:
        line = sys.stdin.readline()
    except EOFError:
        line = ""
    if not line:
        text = _(
            "There is no terminal to ask on: say --user, and --password-file or SUNLIGHT_PASSWORD, and for the keys"
            " --passphrase-file or SUNLIGHT_PASSPHRASE."
        )
        refused("client.no_terminal", text)
    return line.rstrip("\r\n")


def folder_of(given: Namespace) -> KeyFolder:
    """The person's folder."""
    if given.plain:
        return KeyFolder(given.folder)
    prompt = say(_("Passphrase of the keys: "), given.language)
    return KeyFolder(given.folder, lambda: _text(given.passphrase_file, "SUNLIGHT_PASSPHRASE", prompt))


def session_of(given: Namespace) -> Session:
    """The kept session if it still counts, else a new one; `main` closes it."""
    given.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    session: Session = Session(given.site, cookies=given.folder / "session.json", language=given.language)
    given.session = session
    if given.site_clock:
        session.clock = lambda: datetime.fromisoformat(session.get("/bidding/trust")["now"])
    if not session.is_signed_in():
        user = given.user or _asked(input, say(_("User name: "), given.language))
        session.sign_in(user, _text(given.password_file, "SUNLIGHT_PASSWORD", say(_("Password: "), given.language)))
    return session
