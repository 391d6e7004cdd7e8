"""Pure. `manifest.json`: what a bidder offers, for which lot, in which files (sealing.md).

Enters: JSON bytes, or the values. Leaves: a `Manifest`, or the bytes that the bidder signs. Reading is strict:
a key that is unknown, missing or written twice is refused, and so is every value that is not of its form.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from bidding.envelope.names import check_distinct, check_name
from bidding.envelope.sheet import CustodySheet, policy_of, sheet_digest
from bidding.envelope.x25519 import Recipient, parse_recipient
from ledger.errors import Reason, Refused, _, refused

FORMAT = "sunlight.manifest/1"
MAX_BYTES = 1 << 20
MAX_ENTRIES = 1000
LONGEST = 2000
PRICE = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?")
DIGEST = re.compile(r"[0-9a-f]{64}")
SUBMISSION = re.compile(r"[0-9a-f]{32}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
MAX_SIZE = 2**32


@dataclass(frozen=True)
class Item:
    """One quoted line beside the price: duration, quality, a unit rate; both are text as the tender papers ask it."""

    name: str
    value: str


@dataclass(frozen=True)
class FileEntry:
    """A file of the package: name, size in bytes, SHA-256."""

    name: str
    size: int
    sha256: bytes


@dataclass(frozen=True)
class Manifest:
    """All that the bidder signs. `price` in yuan; `own_key` only under a policy with `b`; `time` by the maker."""

    lot: str
    round: int
    sheet: bytes
    submission: str
    credit_code: str
    name: str
    own_key: bytes | None
    price: Decimal
    items: tuple[Item, ...]
    files: tuple[FileEntry, ...]
    tool: str
    maker: str
    time: datetime


def write_manifest(manifest: Manifest) -> bytes:
    """The bytes to sign and to pack; they read back to `manifest`."""
    own = {} if manifest.own_key is None else {"own_key": str(Recipient(manifest.own_key))}
    value = {
        "format": FORMAT,
        "lot": manifest.lot,
        "round": manifest.round,
        "sheet": manifest.sheet.hex(),
        "submission": manifest.submission,
        "bidder": {"credit_code": manifest.credit_code, "name": manifest.name},
        **own,
        "price": format(manifest.price, "f"),
        "items": [{"name": item.name, "value": item.value} for item in manifest.items],
        "files": [{"name": one.name, "size": one.size, "sha256": one.sha256.hex()} for one in manifest.files],
        "tool": manifest.tool,
        "maker": manifest.maker,
        "time": manifest.time.isoformat(),
    }
    data = json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
    if read_manifest(data) != manifest:
        raise ValueError("the manifest does not read back")
    return data


def read_manifest(data: bytes) -> Manifest:
    """The manifest in `data`; refused with `bidding.manifest` and the field at fault, or `bidding.price`."""
    if len(data) > MAX_BYTES:
        _refuse("size")
    top = _Fields(_parse(data), "manifest")
    if top.text("format") != FORMAT:
        _refuse("format")
    bidder = _Fields(top.take("bidder"), "bidder")
    manifest = Manifest(
        lot=top.text("lot"),
        round=top.count("round", 1 << 31),
        sheet=bytes.fromhex(top.matching("sheet", DIGEST)),
        submission=top.matching("submission", SUBMISSION),
        credit_code=bidder.text("credit_code"),
        name=bidder.text("name"),
        own_key=_own_key(top),
        price=_price(top),
        items=tuple(_item(one) for one in top.entries("items")),
        files=tuple(_file(one) for one in top.entries("files")),
        tool=top.text("tool"),
        maker=top.text("maker"),
        time=_time(top),
    )
    bidder.end()
    top.end()
    check_distinct([one.name for one in manifest.files])
    return manifest


def check_manifest(manifest: Manifest, sheet: CustodySheet, submission: str) -> None:
    """Refused, with every reason, unless the manifest speaks of this lot, round, sheet and submission."""
    wrong = [
        Reason("bidding.manifest_lot", _("The manifest is made for another lot or round."))
        if (manifest.lot, manifest.round) != (sheet.lot, sheet.round)
        else None,
        Reason("bidding.manifest_sheet", _("The manifest is made for another custody sheet."))
        if manifest.sheet != sheet_digest(sheet)
        else None,
        Reason("bidding.manifest_submission", _("The manifest is made for another submission."))
        if manifest.submission != submission
        else None,
        Reason("bidding.manifest_own_key", _("The bidder's own key stands in the manifest where the policy has b."))
        if (manifest.own_key is None) == policy_of(sheet).asks_bidder
        else None,
    ]
    reasons = [reason for reason in wrong if reason]
    if reasons:
        raise Refused(*reasons)


def _refuse(field: str) -> NoReturn:
    raise _refusal(field)


def _refusal(field: str) -> Refused:
    text = _("The manifest is not written as it must be, at “%(field)s”.")
    return Refused(Reason("bidding.manifest", text, {"field": field}))


def _parse(data: bytes) -> object:
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refusal("JSON") from error


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _value in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


class _Fields:
    """A JSON object of which every key must be taken exactly once."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            _refuse(where)
        self.left: dict[str, object] = dict(value)

    def take(self, key: str) -> object:
        if key not in self.left:
            _refuse(key)
        return self.left.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST or not _plain(value):
            _refuse(key)
        return value

    def matching(self, key: str, form: re.Pattern[str]) -> str:
        value = self.text(key)
        if not form.fullmatch(value):
            _refuse(key)
        return value

    def count(self, key: str, below: int) -> int:
        value = self.take(key)
        if type(value) is not int or not 0 <= value < below:
            _refuse(key)
        return value

    def entries(self, key: str) -> list[object]:
        value = self.take(key)
        if not isinstance(value, list) or len(value) > MAX_ENTRIES:
            _refuse(key)
        return value

    def end(self) -> None:
        for key in self.left:
            _refuse(key)


def _plain(text: str) -> bool:
    """NFC, without control and format characters and without halves of surrogate pairs."""
    marks = {"Cc", "Cf", "Cs"}
    return unicodedata.is_normalized("NFC", text) and not any(unicodedata.category(one) in marks for one in text)


def _own_key(top: _Fields) -> bytes | None:
    return parse_recipient(top.text("own_key")).key if "own_key" in top.left else None


def _price(top: _Fields) -> Decimal:
    value = top.take("price")
    if not isinstance(value, str) or not PRICE.fullmatch(value):
        refused("bidding.price", _("The price is not a decimal number with at most two places."))
    return Decimal(value)


def _item(value: object) -> Item:
    fields = _Fields(value, "items")
    item = Item(fields.text("name"), fields.text("value"))
    fields.end()
    return item


def _file(value: object) -> FileEntry:
    fields = _Fields(value, "files")
    digest = fields.matching("sha256", DIGEST)
    entry = FileEntry(check_name(fields.text("name")), fields.count("size", MAX_SIZE), bytes.fromhex(digest))
    fields.end()
    return entry


def _time(top: _Fields) -> datetime:
    text = top.matching("time", TIME)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise _refusal("time") from error
