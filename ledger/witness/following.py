"""A witness that cannot be reached from outside: it fetches the checkpoint, proves it from tiles, hands its line in.

Enters: the address of a log (tlog-tiles), which says at `<log>/witnesses/checkpoint` what all its witnesses are to
cosign now: those who look at different moments would else cosign different states. Leaves: a consistency proof that
this side computed itself from the log's tiles, so that the very same rule decides, and the cosignature posted to
`<log>/cosignatures`.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from functools import cache
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from ledger import merkle, note, tiles
from ledger.errors import Broken
from ledger.witness.asking import LONGEST, Question
from ledger.witness.clerk import Clerk

PATIENCE = 10.0  # seconds
KINDS = "application/octet-stream, text/plain, application/problem+json"  # no page: a refusal is read by a program


class NotThere(Broken):
    """The log answers that there is nothing at this address."""


def fetch(address: str, body: bytes | None = None) -> bytes:
    """What `address` answers (http or https alone); `NotThere` for 404, `Broken` with its reason for anything else."""
    if urlsplit(address).scheme not in {"http", "https"}:
        raise Broken(f"{address} is no address of a log")
    asked = urllib.request.Request(address, body, {"Accept": KINDS})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  the scheme is checked
            data: bytes = answer.read(LONGEST + 1)
    except urllib.error.HTTPError as error:
        with error:
            kind = NotThere if error.code == HTTPStatus.NOT_FOUND else Broken
            raise kind(f"{address}: {error}{_why(error.read(LONGEST))}") from error
    except (OSError, HTTPException) as error:
        raise Broken(f"{address}: {error}") from error
    if len(data) > LONGEST:
        raise Broken(f"{address} answers too much")
    return data


def _why(body: bytes) -> str:
    """The reasons of a refusal (RFC 9457), each with its code; nothing for any other answer."""
    try:
        reasons = [(str(one["code"]), str(one["text"])) for one in json.loads(body)["reasons"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return "".join(f"; {text} ({code})" for code, text in reasons)


class TileReader:
    """Hashes of complete subtrees of the log at `address`, of `size` leaves, out of its tiles."""

    def __init__(self, address: str, size: int) -> None:
        self.address, self.size = address, size
        self._tile = cache(self._fetch)

    def _fetch(self, level: int, number: int) -> list[bytes]:
        full = self.size >> (8 * level)
        width = min(tiles.WIDTH, full - number * tiles.WIDTH)
        try:
            data, held = fetch(f"{self.address}/{tiles.tile_path(level, number, width)}"), width
        except NotThere:  # tlog-tiles: a log that has grown may keep the full one alone
            data, held = fetch(f"{self.address}/{tiles.tile_path(level, number)}"), tiles.WIDTH
        if len(data) != 32 * held:
            raise Broken("a tile of the log has the wrong length")
        return [data[at : at + 32] for at in range(0, 32 * width, 32)]

    def subtree(self, start: int, end: int) -> bytes:
        """The hash over leaves [start, end), as RFC 6962 splits them."""
        count = end - start
        if count & (count - 1):
            middle = start + (1 << (count.bit_length() - 1))
            return merkle.node_hash(self.subtree(start, middle), self.subtree(middle, end))
        level = (count.bit_length() - 1) // 8
        first, last = start >> (8 * level), end >> (8 * level)
        number, at = divmod(first, tiles.WIDTH)
        return merkle.root_of(self._tile(level, number)[at : at + last - first])


def follow_once(address: str, clerk: Clerk) -> str | None:
    """Cosign what the log wants cosigned and hand the line in; None when nothing is new. Raises as `Clerk.cosign`.

    What was cosigned and does not stand under the checkpoint was never handed in: whoever died in between does it now.
    """
    address = address.rstrip("/")
    signed = fetch(f"{address}/witnesses/checkpoint")
    found = note.text_of(signed)
    seen = clerk.seen(found.origin)
    own = f"{note.DASH}{clerk.name} "
    if (found.size, found.root) == (seen.size, seen.root) and any(
        line.startswith(own) for line in note.signature_lines(signed)
    ):
        return None
    if found.size < seen.size:
        raise Broken(f"the log wants {found.size} entries cosigned, this witness has cosigned {seen.size}")
    proof: list[bytes] = []
    if 0 < seen.size < found.size:
        proof = merkle.consistency_proof(seen.size, found.size, TileReader(address, found.size).subtree)
    line = clerk.cosign(Question(seen.size, tuple(proof), signed))
    fetch(f"{address}/cosignatures", f"{found.text()}\n{line}".encode())
    return line
