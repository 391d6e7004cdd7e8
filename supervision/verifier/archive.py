"""Pure. Checks 1 and 2: the archive, and the signed state of the log under which everything else is checked.

1. The archive is in its one form, names its tender and lots and every member with what names it, and every object lies
   under its own SHA-256.
2. The checkpoint is signed by the key of the log that the verifier holds, under the name the key is for.
"""

from __future__ import annotations

import base64
import re

from ledger import note
from ledger.errors import Broken, _
from ledger.note import Checkpoint
from supervision.verifier.case import (
    CHECKPOINT,
    ENTRIES,
    OBJECTS,
    PAGE,
    PRIVATE,
    TIMESTAMPS,
    WITNESSES,
    Case,
    fault,
    sha256,
)
from supervision.verifier.check import Check, Found
from supervision.verifier.naming import namers
from supervision.verifier.trust import Trust

KNOWN = {
    PAGE: "readme", CHECKPOINT: "checkpoint", ENTRIES: "entries", WITNESSES: "witnesses", TIMESTAMPS: "timestamps",
}  # fmt: skip
ENDINGS = {"batch": "bidding:share:released", "share": "bidding:share:given", "salt": "experts:draw:requested"}
DIGEST = re.compile(r"[0-9a-f]{64}")
LOT = re.compile(r"[1-9][0-9]?")


def archive(case: Case, _trust: Trust) -> Found:
    """Check 1; that the bytes are in their one form was asked when they were unpacked."""
    numbers = [lot.removeprefix(f"{case.tender}-") for lot in case.lots]
    if not case.lots or len(set(case.lots)) < len(case.lots) or not all(LOT.fullmatch(number) for number in numbers):
        yield fault("head", _("The head of the bundle does not name the lots of its tender."))
    for name, data in case.objects.items():
        if not DIGEST.fullmatch(name) or sha256(data).hex() != name:
            yield fault("object", _("The object %(name)s is not what its name says."), name=f"{OBJECTS}{name}")
    if case.members != members_of(case):
        yield fault("members", _("The head of the bundle does not say of every member what it is."))
    if case.is_public and case.private:
        name = PRIVATE + min(case.private)
        yield fault("private", _("A public bundle holds %(name)s, which is private."), name=name)


def members_of(case: Case) -> dict[str, str]:
    """What the head must say: every other member, with the kind of entry or record that names it."""
    words = namers(case)
    return {
        **KNOWN,
        **{OBJECTS + name: words.get(name, "") for name in case.objects},
        **{PRIVATE + name: ENDINGS.get(name.rpartition(".")[2], "") for name in case.private},
    }


def checkpoint_of(case: Case, trust: Trust) -> Checkpoint:
    """The checkpoint if the log's key signed it under its own name; `Broken` otherwise."""
    found = note.read(case.note, trust.log.public)
    if found.origin != trust.log.name:
        raise Broken(_("the checkpoint is of another log"))
    return found


def checkpoint(case: Case, trust: Trust) -> Found:
    """Check 2. One signature, in its one form: a line that nobody here can check could hide anything."""
    found = checkpoint_of(case, trust)
    rest = case.note.decode().removeprefix(f"{found.text()}\n")
    name, _space, blob = rest.removesuffix("\n").removeprefix(note.DASH).partition(" ")
    if rest != f"{note.DASH}{name} {blob}\n" or name != found.origin or not is_plain(blob):
        yield fault("checkpoint_more", _("The checkpoint carries more than the signature of its log."))


def is_plain(blob: str) -> bool:
    """Whether base64 is written in its one form: the last letter has spare bits that could say anything."""
    try:
        return base64.b64encode(base64.b64decode(blob)).decode() == blob
    except ValueError:
        return False


CHECKS = (
    Check(1, _("The archive is in its one form and every object is what its name says"), archive),
    Check(2, _("The signed state of the log bears the signature of the log's key"), checkpoint),
)
