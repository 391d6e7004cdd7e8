"""Live rooms from a client's side: a socket with full origin and session cookie, commands and their answers.

Enters: the site, a signed-in session, the scope (a tender's or lot's code). Leaves: an open socket; of a command, the
facts, or `ProblemError` with every reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bidding.client.session import ProblemError, Session, plain
from config.demo.play.site import Site

SECONDS = 20.0
NUMBER = 1  # of the one command that a line is opened for


def line_to(site: Site, session: Session, scope: str) -> ClientConnection:
    """An open line to the live room of `scope`."""
    cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    return connect(
        f"{site.live}/live/{scope}/",
        additional_headers={"Cookie": cookies},
        origin=Origin(site.pages),
        open_timeout=SECONDS,
        close_timeout=5,
    )


def command(
    site: Site, session: Session, scope: str, act: str, path: Mapping[str, str], form: Mapping[str, object]
) -> dict[str, Any]:
    """Do `act` in the live room of `scope`; the facts of the answer."""
    with line_to(site, session, scope) as line:
        line.send(json.dumps({"id": NUMBER, "act": act, "path": dict(path), "form": plain(form)}))
        while True:
            said = json.loads(line.recv(timeout=SECONDS))
            if said.get("id") != NUMBER:
                continue  # news of an entry
            if "problem" in said:
                raise ProblemError(0, said["problem"])
            return dict(said["facts"])
