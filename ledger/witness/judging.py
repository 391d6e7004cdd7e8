"""Pure. The one rule of a witness, whichever way it is asked (ledger.md, "Witnesses"; C2SP tlog-witness).

Enters: what was cosigned last for an origin, a question, the log's key. Leaves: the checkpoint that may be cosigned, or
the HTTP status that the protocol gives the refusal. Storing the new state before anything is answered is the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger import merkle, note
from ledger.errors import Broken
from ledger.note import Checkpoint
from ledger.witness.asking import Question

SIZE = "text/x.tlog.size"


class RefusedToCosign(Exception):
    """Why nothing is cosigned: an HTTP `status`, and a `body` with its `kind`."""

    def __init__(self, status: int, body: str, kind: str = "text/plain; charset=utf-8") -> None:
        super().__init__(body)
        self.status, self.body, self.kind = status, body, kind


@dataclass(frozen=True)
class Seen:
    """The largest checkpoint of a log that this witness cosigned."""

    size: int
    root: bytes


NOTHING = Seen(0, merkle.EMPTY)


def signed_checkpoint(question: Question, logs: Mapping[str, bytes]) -> Checkpoint:
    """The checkpoint in the note, signed by the log it names: 400, 404 or 403 otherwise."""
    origin = question.note.split(b"\n", 1)[0].decode(errors="replace")
    if origin not in logs:
        raise RefusedToCosign(404, "this witness does not know that log\n")
    try:
        text = note.text_of(question.note)
    except Broken as error:
        raise RefusedToCosign(400, f"{error}\n") from error
    try:
        return note.read(question.note, logs[text.origin])
    except Broken as error:
        raise RefusedToCosign(403, f"{error}\n") from error


def judge(question: Question, found: Checkpoint, seen: Seen) -> Checkpoint:
    """`found` when it extends what was `seen`; 400, 409 with the size that was seen, or 422 otherwise."""
    if question.old > found.size:
        raise RefusedToCosign(400, "the old size is larger than the checkpoint's\n")
    if question.old != seen.size or (question.old == found.size and found.root != seen.root):
        raise RefusedToCosign(409, f"{seen.size}\n", SIZE)
    if seen.size == 0:
        fits = not question.proof and (found.size > 0 or found.root == merkle.EMPTY)
    else:
        fits = merkle.consistent(seen.size, found.size, seen.root, found.root, question.proof)
    if not fits:
        raise RefusedToCosign(422, "the proof does not lead from what was cosigned to this checkpoint\n")
    return found
