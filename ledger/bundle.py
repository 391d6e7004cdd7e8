"""Pure. The evidence bundle: one tender's evidence as one archive with deterministic bytes (ledger.md, "Bundle").

Enters: named parts. Leaves: a ZIP of stored members in the order of their names, with one fixed time and no extras, so
that the same evidence is the same bytes; and, reading, the parts of exactly such an archive. Nothing else is read.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from ledger.errors import Broken, _

FORMAT = "sunlight.bundle/2"
TIME = (1980, 1, 1, 0, 0, 0)
LARGEST = 1 << 32
MEMBERS = 100_000


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The archive that holds `parts` (name to bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            member = zipfile.ZipInfo(name, TIME)
            member.create_system, member.external_attr = 3, 0o100444 << 16
            archive.writestr(member, parts[name])
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of an archive that `pack` could have written, or `Broken`."""
    if len(data) > LARGEST:
        raise Broken(_("the bundle is larger than 4 GiB"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names, members = archive.namelist(), archive.infolist()
            if len(names) > MEMBERS or names != sorted(set(names)):
                raise Broken(_("the bundle's members are not in order, or too many"))
            if any(one.compress_type for one in members) or sum(one.file_size for one in members) > len(data):
                raise Broken(_("the bundle is not in its one form"))  # unpacked it may be larger than any memory
            parts = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Broken(_("this is not a bundle")) from error
    if pack(parts) != data:
        raise Broken(_("the bundle is not in its one form"))
    return parts


@dataclass(frozen=True)
class Leaf:
    """An entry in a bundle: its index, its bytes, its inclusion path under the bundle's checkpoint (lowest first)."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Later:
    """A checkpoint of the same log, as large as the bundle's or larger, that somebody else vouched for.

    `checkpoint` is the signed note, with the cosignatures of witnesses or under the timestamp `token` (DER, b"" for
    none); `proof` the consistency proof from the bundle's own checkpoint to it.
    """

    checkpoint: bytes
    proof: tuple[bytes, ...] = ()
    token: bytes = b""


def write_later(found: Later | None) -> bytes:
    """The parts `witnesses.json` and `timestamps.json`: a list of at most one."""
    if found is None:
        return write_json([])
    row = {"checkpoint": found.checkpoint.decode(), "proof": [step.hex() for step in found.proof]}
    return write_json([{**row, "token": found.token.hex()} if found.token else row])


def read_later(data: bytes, *, stamped: bool) -> Later | None:
    """What stands in the part, with a token if it is `stamped`; or `Broken`."""
    try:
        found = [
            Later(
                row["checkpoint"].encode(),
                tuple(bytes.fromhex(step) for step in row["proof"]),
                bytes.fromhex(row["token"]) if stamped else b"",
            )
            for row in read_json(data)
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Broken(_("what others say of the checkpoint cannot be read")) from error
    if write_later(next(iter(found), None)) != data:
        raise Broken(_("what others say of the checkpoint is not in its one form"))
    return next(iter(found), None)


def write_leaves(leaves: list[Leaf]) -> bytes:
    """The part `entries.json`: entries in the order of their indexes."""
    return _as_they_come(sorted(leaves, key=lambda one: one.index))


def _as_they_come(leaves: list[Leaf]) -> bytes:
    rows = ({"index": one.index, "leaf": one.leaf.hex(), "path": [step.hex() for step in one.path]} for one in leaves)
    return write_json(list(rows))


def read_leaves(data: bytes) -> list[Leaf]:
    """The entries of the part, or `Broken`."""
    try:
        found = [
            Leaf(_count(row["index"]), bytes.fromhex(row["leaf"]), tuple(bytes.fromhex(step) for step in row["path"]))
            for row in read_json(data)
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise Broken(_("the bundle's entries cannot be read")) from error
    if _as_they_come(found) != data:  # hexadecimal has other spellings
        raise Broken(_("the bundle's entries are not in their one form"))
    return found


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def write_json(value: object) -> bytes:
    """JSON in one form: sorted keys, no spaces, UTF-8, ended by a line feed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read_json(data: bytes) -> Any:
    """The value in `data` if it is in its one form, or `Broken`."""
    try:
        value = json.loads(data, parse_float=_no_float)
    except (ValueError, RecursionError) as error:
        raise Broken(_("a part of the bundle is not JSON")) from error
    if write_json(value) != data:
        raise Broken(_("a part of the bundle is not in its one form"))
    return cast("Any", value)


def _no_float(text: str) -> None:
    raise ValueError(f"a bundle knows no float: {text}")
