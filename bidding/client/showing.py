"""What a person sees while the client works: a bar on a terminal, plain lines where there is none.

Enters: bytes done and to do, and for an upload the deadline. Leaves: lines on standard error, with the finish line:
how long before the deadline the upload will be done at the present speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from bidding.client.pace import Pacer
from ledger.catalogue import say
from ledger.errors import _

OUT, ERR = Console(highlight=False), Console(stderr=True, highlight=False)
STEP = 5  # percent between two plain lines
MIB = 1 << 20
Tell = Callable[[int, int], None]


def in_words(seconds: float, language: str) -> str:
    """A span of time as a person says it: seconds, then minutes, then hours."""
    whole = max(0, round(seconds))
    if whole < 120:
        return say(_("%(count)s seconds"), language) % {"count": whole}
    if whole < 7200:
        return say(_("%(count)s minutes"), language) % {"count": whole // 60}
    return say(_("%(count)s hours"), language) % {"count": whole // 3600}


@dataclass
class FinishLine:
    """Whether an upload will be done in time, as a sentence; "" while nothing can be said."""

    deadline: datetime
    clock: Callable[[], datetime]
    language: str
    pacer: Pacer = field(default_factory=lambda: Pacer(0))

    @classmethod
    def for_desk(cls, desk: Mapping[str, Any], clock: Callable[[], datetime], language: str) -> FinishLine | None:
        """Of the lot whose desk facts these are; None when it has no deadline."""
        return cls(datetime.fromisoformat(desk["deadline"]), clock, language) if desk["deadline"] else None

    def sentence(self, done: int, total: int) -> str:
        """What the bytes done until now promise."""
        if self.pacer.total != total:
            self.pacer = Pacer(total)
        self.pacer.mark(time.monotonic(), done)
        pace = self.pacer.pace()
        if pace is None:
            return ""
        spare = (self.deadline - self.clock()).total_seconds() - pace.left
        text = _("You will finish %(spare)s before the deadline.") if spare > 0 else _("You will be %(late)s late.")
        words = in_words(abs(spare), self.language)
        return say(text, self.language) % {"spare": words, "late": words}


@contextmanager
def bar(word: str, language: str, finish: FinishLine | None = None) -> Iterator[Tell]:
    """Follow one piece of work called `word`."""
    named = say(word, language)
    if not ERR.is_terminal:
        yield _lines(named, finish)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(binary_units=True), TransferSpeedColumn(),
               TextColumn("{task.fields[finish]}"))  # fmt: skip
    with Progress(*columns, console=ERR) as progress:
        task = progress.add_task(named, finish="")

        def tell(done: int, total: int) -> None:
            sentence = finish.sentence(done, total) if finish else ""
            progress.update(task, completed=done, total=total, finish=sentence)

        yield tell


def _lines(word: str, finish: FinishLine | None) -> Tell:
    """A line every five percent, for logs and for people who have it read to them."""
    last = -STEP

    def tell(done: int, total: int) -> None:
        nonlocal last
        sentence = finish.sentence(done, total) if finish else ""
        percent = 100 * done // total if total else 100
        if percent < last + STEP and not (done >= total and last < 100):
            return
        last = percent
        ERR.print(f"{word} {percent} %  {done / MIB:.1f} / {total / MIB:.1f} MiB  {sentence}".rstrip(), soft_wrap=True)

    return tell
