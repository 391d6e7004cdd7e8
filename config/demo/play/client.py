"""A person of the play at the site: one session, one folder of keys, and a voice.

Enters: where the site is, who it is, the password. Leaves: acts through the front door, over HTTP and sockets, as any
program of that person could do them. It signs in once, through the page for people, and waits when told that it comes
too fast. No client of the play knows the database.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bidding.client.keys import KeyFolder, write_private
from bidding.client.session import ProblemError, Session
from bidding.envelope.x25519 import Identity
from config.demo.play import live
from config.demo.play.narrator import Narrator
from config.demo.play.site import Site
from config.demo.play.stage import Person
from ledger.errors import Refused

PATIENCE = 30.0  # seconds until something that the clock or a worker does must have happened
PAUSE = 0.1
TOO_MANY = 429
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
T = TypeVar("T")


def drawn_password() -> str:
    """A password that people can type: three groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


class PartyFolder(KeyFolder):
    """A key folder that asks for its passphrase once: scrypt takes a second each time."""

    def custodian_key(self) -> Identity:
        """The custodian's identity."""
        return _unlocked(KeyFolder(self.path, self.passphrase))


@cache
def _unlocked(folder: KeyFolder) -> Identity:
    return folder.custodian_key()


def forget_unlocked() -> None:
    """Forget every key that a passphrase opened."""
    _unlocked.cache_clear()


class Client:
    """Somebody at work. `folder` belongs to this person alone and keeps the password too.

    `is_new` tells that there is no account yet; `password` is for one who is told it, otherwise one is drawn.
    """

    def __init__(self, site: Site, person: Person, folder: Path, narrator: Narrator, password: str = "") -> None:
        self.site, self.person, self.narrator = site, person, narrator
        kept = folder / "password"
        self.is_new = not password and not kept.exists()
        if self.is_new:
            write_private(kept, drawn_password().encode())
        self.password = password or kept.read_text(encoding="ascii")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.keys: KeyFolder = PartyFolder(folder, lambda: self.password)
        self._session = Session(site.pages, clock=self.hour)
        self._signed_in = False

    @property
    def session(self) -> Session:
        """The signed-in session."""
        if not self._signed_in:
            self._sign_in()
        return self._session

    def _sign_in(self) -> None:
        end = time.monotonic() + 4 * PATIENCE
        while not self._signed_in:
            try:
                self._session.sign_in(self.person.username, self.password)
            except ProblemError as problem:
                if problem.status != TOO_MANY or time.monotonic() > end:
                    raise
                time.sleep(20 * PAUSE)
            else:
                self._signed_in = True

    def hour(self) -> datetime:
        """The clock of the demo, which everybody in the play has on the wall."""
        return datetime.fromisoformat(self._session.get("/clock")["now"])

    def get(self, path: str) -> dict[str, Any]:
        """The facts of a page."""
        return self.session.get(path)

    def act(self, path: str, **form: object) -> dict[str, Any]:
        """Do something; `ProblemError` with every reason when it is refused."""
        return self.session.post(path, form)

    def command(self, scope: str, act: str, path: Mapping[str, str], **form: object) -> dict[str, Any]:
        """Do something in the live room of `scope`, over a socket; `ProblemError` when it is refused."""
        return live.command(self.site, self.session, scope, act, path, form)

    def enrol(self) -> None:
        """Make a signing key and get a certificate for it, once."""
        if not (self.keys.path / "certificate.pem").exists():
            self.keys.make_key()
            self.keys.enrol(self.session)

    def say(self, chinese: str, english: str) -> None:
        """Tell what was done."""
        self.narrator.did(self.person, chinese, english)

    def refused(self, refusal: Refused) -> None:
        """Tell what the site, or the own program, would not have."""
        self.narrator.refused(self.person, refusal)


def patiently(do: Callable[[], T], *codes: str) -> T:
    """What `do` gives, done again as long as it is refused for one of these reasons alone, which time takes away."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return do()
        except ProblemError as problem:
            if not set(problem.codes) <= set(codes) or time.monotonic() > end:
                raise
        time.sleep(PAUSE)


def until(ask: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """What `ask` gives once it gives something true; `TimeoutError` after `seconds`."""
    end = time.monotonic() + seconds
    while not (found := ask()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(PAUSE)
    return found
