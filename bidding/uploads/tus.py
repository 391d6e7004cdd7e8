"""Pure. The words of tus 1.0 in HTTP headers (core, creation, creation-with-upload, checksum, termination, expiration).

Enters: header values. Leaves: lengths, the declared metadata, checksums; refused `upload.*` for anything else. Metadata
takes nothing but the lot and the submission id: a file name may be a firm's name.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledger.errors import _, refused

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
ALGORITHMS: Mapping[str, Callable[[], hashlib._Hash]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
DECLARED = frozenset({"lot", "id"})
COUNT = re.compile(r"0|[1-9][0-9]{0,17}")
BODY_TYPE = "application/offset+octet-stream"
OVERRIDE = "X-HTTP-Method-Override"
LONGEST = 300  # characters of Upload-Metadata


@dataclass(frozen=True)
class Checksum:
    """What the client says of the bytes of one request: `make` a hash, `digest` its value."""

    make: Callable[[], hashlib._Hash]
    digest: bytes


@dataclass(frozen=True)
class Declared:
    """The lot and the submission id of an upload."""

    lot: str
    id: str


def count(text: str | None) -> int:
    """A length or offset; refused `upload.count`."""
    if text is None or not COUNT.fullmatch(text):
        refused("upload.count", _("A length or offset of the upload is missing or is no whole number."))
    return int(text)


def metadata(text: str) -> Declared:
    """The declared fields of Upload-Metadata; refused `upload.metadata` when one is missing or there is another."""
    found: dict[str, str] = {}
    for pair in text.split(",") if len(text) <= LONGEST else []:
        name, _blank, value = pair.strip().partition(" ")
        if name in found or name not in DECLARED:
            refused("upload.metadata", _("Upload metadata holds the lot and the id and nothing else."))
        found[name] = _word(value)
    if set(found) != DECLARED or not all(found.values()):
        refused("upload.metadata", _("Upload metadata holds the lot and the id and nothing else."))
    return Declared(**found)


def meant(text: str) -> Declared:
    """What of the lot and the id can be read in Upload-Metadata whatever else is in it, "" where nothing can: for whom
    a refusal of it is signed.
    """
    found: dict[str, set[str]] = {name: set() for name in DECLARED}
    for pair in text.split(","):
        name, _blank, value = pair.strip().partition(" ")
        if name in found:
            found[name].add(_read(value) or "")
    return Declared(**{name: min(values) if len(values) == 1 else "" for name, values in found.items()})


def _word(value: str) -> str:
    found = _read(value)
    if found is None:
        refused("upload.metadata", _("Upload metadata holds the lot and the id and nothing else."))
    return found


def _read(value: str) -> str | None:
    try:
        found = base64.b64decode(value.strip(), validate=True).decode("ascii")
    except ValueError:
        return None
    return found if found.isprintable() else None


def checksum(text: str | None) -> Checksum | None:
    """The checksum of a request; refused `upload.checksum` for an unknown algorithm or a malformed value."""
    if text is None:
        return None
    name, _blank, value = text.partition(" ")
    try:
        make, digest = ALGORITHMS[name], base64.b64decode(value, validate=True)
    except (KeyError, ValueError):
        refused("upload.checksum", _("The checksum of the request has an unknown algorithm or form."))
    return Checksum(make, digest)
