"""Pure. Canaries: 32 random bytes for each field of a bid, and every form in which they would be found again.

Enters: nothing but chance. Leaves: canaries that all hold the same random mark of 8 bytes, twice, so that a few
searches find any 23 bytes in a row of any of them: raw, UTF-16, base64 at every offset, hex, URL-quoted.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

MARK = 8


def _base64(data: bytes) -> Iterator[bytes]:
    """The characters that stand for `data` wherever it begins within the encoded bytes."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + data)
        first = -(-before * 8 // 6)
        whole = text[first : (before + len(data)) * 8 // 6]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def forms(data: bytes) -> dict[str, bytes]:
    """Every form of `data` (8 bytes or more), by the form's name."""
    text = data.decode("latin-1")
    found = {
        "raw": data,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": data.hex().encode(),
        "HEX": data.hex().upper().encode(),
        "url": quote_from_bytes(data, safe="").encode(),
        "url-path": quote_from_bytes(data, safe="/").encode(),
        **{f"base64-{number}": one for number, one in enumerate(_base64(data))},
    }
    return {name: form for place, (name, form) in enumerate(found.items()) if form not in list(found.values())[:place]}


@dataclass(frozen=True)
class Canaries:
    """The canaries of one run."""

    mark: bytes = field(default_factory=lambda: secrets.token_bytes(MARK))

    def bytes_(self) -> bytes:
        """A canary for a file: 32 bytes, the mark at 0 and 16."""
        return self.mark + secrets.token_bytes(MARK) + self.mark + secrets.token_bytes(MARK)

    def text(self) -> str:
        """A canary for a field of text: the same in hex."""
        return self.bytes_().hex()

    def needles(self) -> dict[str, bytes]:
        """What to look for: the mark, and the mark as it stands in text, in every form."""
        inner = {f"text/{name}": form for name, form in forms(self.mark.hex().encode()).items()}
        outer = {f"bytes/{name}": form for name, form in forms(self.mark).items()}
        return inner | {name: form for name, form in outer.items() if form not in inner.values()}


def found_in(data: bytes, needles: Mapping[str, bytes]) -> list[str]:
    """The names of the needles that lie in `data`."""
    return [name for name, needle in needles.items() if needle in data]


def found_in_all(pieces: Iterable[tuple[str, bytes]], needles: Mapping[str, bytes]) -> list[str]:
    """`where: form` for everything found."""
    return [f"{where}: {name}" for where, data in pieces for name in found_in(data, needles)]
