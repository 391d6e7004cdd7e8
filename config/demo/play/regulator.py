"""The regulator's client: watches every entry about a tender and its lots as it happens, over live sockets.

It also holds the leaf `r` of the custody policy; it need not come to an opening for which two others came.
"""

from __future__ import annotations

import json
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from config.demo.play.custodian import Custodian


class Watch:
    """One open socket on a scope; `heard` are the indices it was told of."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.heard = socket, list[int]()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            for message in self.socket:
                said = json.loads(message)
                if "entry" in said:
                    self.heard.append(int(said["entry"]))
        except ConnectionClosed:
            return

    def close(self) -> list[int]:
        """Hang up; what was heard."""
        self.socket.close()
        self._thread.join(timeout=5)
        return self.heard


class Regulator(Custodian):
    """Watches over the tender."""

    def watch(self, scope: str) -> Watch:
        """Listen for entries about a tender or lot, from the first one on."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.session.cookies.items())
        socket = connect(
            f"{self.site.live}/live/{scope}/",
            additional_headers={"Cookie": cookies},
            origin=Origin(self.site.pages),
            open_timeout=20,
            close_timeout=5,
        )
        socket.send(json.dumps({"from": 0}))
        return Watch(socket)
