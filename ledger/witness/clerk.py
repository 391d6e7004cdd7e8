"""A witness at work: judges, keeps, and only then cosigns; one question at a time.

Enters: questions, however they arrived. Leaves: signature lines, or `RefusedToCosign`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import Broken
from ledger.witness import clock
from ledger.witness.asking import Question, read
from ledger.witness.cosignature import cosign
from ledger.witness.judging import RefusedToCosign, Seen, judge, signed_checkpoint
from ledger.witness.keeping import Keeper


class Clerk:
    """Works for one witness: its `name` and `key`, the `logs` it knows (origin to 32-byte key), what it has kept."""

    def __init__(
        self,
        name: str,
        key: Ed25519PrivateKey,
        logs: Mapping[str, bytes],
        keeper: Keeper,
        seconds: Callable[[], int] = clock.seconds,
    ) -> None:
        self.name, self.logs = name, logs
        self._key, self._keeper, self._seconds = key, keeper, seconds
        self._one_at_a_time = Lock()  # comparing with what was kept and keeping anew are one step

    def seen(self, origin: str) -> Seen:
        """What was cosigned last for `origin`."""
        return self._keeper.seen(origin)

    def cosign(self, question: Question) -> str:
        """The cosignature line for the checkpoint in `question`; `RefusedToCosign` when the rule says no."""
        found = signed_checkpoint(question, self.logs)
        with self._one_at_a_time:
            judge(question, found, self.seen(found.origin))
            self._keeper.keep(found)
            return cosign(found, self.name, self._key, self._seconds())

    def answer(self, body: bytes) -> str:
        """The same for the body of a request."""
        try:
            question = read(body)
        except Broken as error:
            raise RefusedToCosign(400, f"{error}\n") from error
        return self.cosign(question)
