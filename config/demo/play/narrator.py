"""Tells the play as it happens: who did what, and what the ledger recorded, in Chinese with English beside it.

Enters: what clients say of their own acts; the public log, read like anybody reads it. Leaves: lines on the stream it
was given; when `brief`, entries are counted and not listed. It waits for the log after each step, so that an act and
its entry stand together.
"""

from __future__ import annotations

import gettext
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TextIO

from config.demo.play.log import Line, Log
from config.demo.play.stage import Person
from config.demo.play.words import words_of
from ledger.errors import Refused

WAIT = 3.0  # seconds for an entry to come under a checkpoint
PAUSE = 0.1
CATALOGUES = Path(__file__).resolve().parents[3] / "config" / "locale"
SAY = gettext.translation("django", CATALOGUES, ["zh_Hans"], fallback=True).gettext
FEW = 1


class Narrator:
    """The voice of the play."""

    def __init__(self, log: Log, out: TextIO, *, brief: bool = False) -> None:
        self.log, self.out, self.brief = log, out, brief
        self.begun = time.monotonic()

    def line(self, text: str = "") -> None:
        """One line, at once."""
        self.out.write(text + "\n")
        self.out.flush()

    @contextmanager
    def step(self, number: int | str, chinese: str, english: str, *, until: str, times: int = 1) -> Iterator[None]:
        """A step of the way of one bid. At its end the log is read until it has `times` new entries tagged `until`."""
        self.line()
        self.line(f"━━ {number} · {chinese} {english}")
        yield
        self.ledger(until, times)

    def did(self, person: Person, chinese: str, english: str) -> None:
        """Somebody did something."""
        self.line(f"   {person.called}：{chinese} · {english}")

    def refused(self, person: Person, refusal: Refused) -> None:
        """Somebody was refused, by the site or by the own client."""
        said = "; ".join(f"{SAY(reason.text) % reason.facts} [{reason.code}]" for reason in refusal.reasons)
        self.line(f"   {person.called}：被拒绝 · refused ✗ {said}")

    def fact(self, chinese: str, english: str) -> None:
        """Something that everybody can see."""
        self.line(f"   ▸ {chinese} · {english}")

    def ledger(self, until: str = "", times: int = 0) -> list[Line]:
        """Read the log, wait a little for what is expected, and tell what is new."""
        end, lines = time.monotonic() + WAIT, self.log.fresh()
        while until and sum(line.entry.tag == until for line in lines) < times and time.monotonic() < end:
            time.sleep(PAUSE)
            lines += self.log.fresh()
        if self.brief:
            self._counted(Counter(line.entry.tag for line in lines))
        else:
            for tag, group in groupby(lines, key=lambda line: line.entry.tag):
                self._recorded(tag, list(group))
        return lines

    def _counted(self, counts: Counter[str]) -> None:
        for tag, count in counts.items():
            self.line(f"      ⛓ ×{count} {' '.join(words_of(tag))} [{tag}]")
        self.line(f"      … {self.ended():.0f} s")

    def _recorded(self, tag: str, lines: list[Line]) -> None:
        chinese, english = words_of(tag)
        first, last = lines[0].index, lines[-1].index
        where = f"#{first}" if first == last else f"#{first}–{last}"
        count = f" ×{len(lines)}" if len(lines) > FEW else ""
        self.line(f"      ⛓ {where}{count} {chinese} {english} [{tag}]")

    def ended(self) -> float:
        """Seconds since the play began."""
        return time.monotonic() - self.begun
