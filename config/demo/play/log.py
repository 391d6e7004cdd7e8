"""Reads the public log as any monitor does: checkpoint, entry bundles, and whether the tree is the one that was signed.

Enters: the address of a site and its log key. Leaves: the entries that are new since the last look, in their order.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

import bidding.events
import evaluation.events
import experts.events
import guarantees.events
import supervision.events
import supervision.verifier.demo_events
import trading.events
from ledger import merkle, note, tiles
from ledger.errors import Broken
from ledger.events import Entry, read_entry

# Reading an entry means to know its kind: these modules name them all.
KINDS = (
    bidding.events,
    supervision.verifier.demo_events,
    evaluation.events,
    experts.events,
    guarantees.events,
    supervision.events,
    trading.events,
)


@dataclass(frozen=True)
class Line:
    """An entry with its index in the log."""

    index: int
    entry: Entry


class Log:
    """A monitor with its own copy of the tree's right edge; `size` is how far it has read."""

    def __init__(self, pages: str) -> None:
        self.http = httpx.Client(base_url=pages, timeout=30, trust_env=False)
        self.size = 0
        self._edge: list[tuple[int, bytes]] = []
        self._key = b""

    def fresh(self) -> list[Line]:
        """Every entry that a newer checkpoint covers. `Broken` when the log is not append-only or not signed."""
        answer = self.http.get("/log/checkpoint")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        signed = note.read(answer.raise_for_status().content, self._public())
        lines = list(self._lines(signed.size))
        self.size = max(self.size, signed.size)
        if lines and merkle.edge_root(self._edge) != signed.root:
            raise Broken("the log's root is not the root of its entries")
        return lines

    def _public(self) -> bytes:
        if not self._key:
            named = self.http.get("/bidding/trust").raise_for_status().json()["log"]
            self._key = base64.b64decode(str(named).split("+", 2)[2])[1:]
        return self._key

    def _lines(self, end: int) -> Iterator[Line]:
        for index, leaf in enumerate(self._leaves(end), self.size):
            self._edge = merkle.grow(self._edge, merkle.leaf_hash(leaf))
            yield Line(index, read_entry(leaf))

    def _leaves(self, end: int) -> list[bytes]:
        """The leaves from the last look to `end`."""
        found: list[bytes] = []
        for number in range(self.size // tiles.WIDTH, -(-end // tiles.WIDTH)):
            start = number * tiles.WIDTH
            path = tiles.tile_path("entries", number, min(tiles.WIDTH, end - start))
            bundle = self.http.get(f"/log/{path}").raise_for_status().content
            found += tiles.unbundle(bundle)[max(self.size - start, 0) :]
        return found
