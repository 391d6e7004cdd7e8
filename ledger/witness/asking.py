"""Pure. The body of `add-checkpoint`, C2SP tlog-witness: old size, consistency proof, empty line, signed checkpoint.

Enters: the parts. Leaves: the bytes; reading, the parts, or `Broken` for anything else.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import Broken

LONGEST_PROOF = 63
LONGEST = 64 * 1024  # bytes: 63 hashes and a note with many signatures fit many times


@dataclass(frozen=True)
class Question:
    """`old` is the size believed to be cosigned last; `proof` leads from it to the checkpoint in `note`."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes


def write(question: Question) -> bytes:
    """The body of the request."""
    lines = "".join(f"{base64.b64encode(step).decode()}\n" for step in question.proof)
    return f"old {question.old}\n{lines}\n".encode() + question.note


def read(body: bytes) -> Question:
    """The question in `body`; `Broken` unless every byte stands where the protocol wants it."""
    head, gap, note = body.partition(b"\n\n")
    first, *rest = head.split(b"\n")
    if not gap or len(rest) > LONGEST_PROOF or len(body) > LONGEST:
        raise Broken("not a request to cosign")
    return Question(_old(first), tuple(_hashes(rest)), note)


def _old(line: bytes) -> int:
    word, _space, digits = line.partition(b" ")
    if word != b"old" or not digits.isdigit() or (digits.startswith(b"0") and digits != b"0") or len(digits) > 19:
        raise Broken("the old size is not written as it must be")
    return int(digits)


def _hashes(lines: Sequence[bytes]) -> list[bytes]:
    try:
        found = [base64.b64decode(line, validate=True) for line in lines]
    except ValueError as error:
        raise Broken("a step of the proof is not base64") from error
    if any(len(step) != 32 for step in found):
        raise Broken("a step of the proof is not a hash")
    return found
