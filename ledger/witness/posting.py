"""The log's side of `add-checkpoint`: post a question to a witness's address and take whatever it answers.

Enters: an address (http or https), a question. Leaves: status and text; `Broken` when nobody answers.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from ledger.errors import Broken
from ledger.witness.asking import LONGEST, Question, write

PATIENCE = 5.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What the witness said."""

    status: int
    text: str


def post(address: str, question: Question) -> Answer:
    """The answer of the witness whose submission prefix is `address`."""
    if urlsplit(address).scheme not in {"http", "https"}:
        raise Broken(f"{address} is no address of a witness")
    asked = urllib.request.Request(f"{address.rstrip('/')}/add-checkpoint", write(question), method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  the scheme is checked
            return Answer(answer.status, answer.read(LONGEST).decode(errors="replace"))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read(LONGEST).decode(errors="replace"))
    except OSError as error:
        raise Broken(f"the witness at {address} does not answer: {error}") from error
