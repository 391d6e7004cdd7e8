"""Pure. What the check of a package finds, and what it is given: the lot's rules, the offer, the files.

Enters: nothing. Leaves: value types shared by every rule. A finding names its file ("" for the whole package), has a
code whose sentence stands in two languages in `sentences.py`, and says whether the opening would fail on it: only then
does it block. Everything else warns (a client never blocks what the law does not).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from bidding.preflight.sentences import SENTENCES
from ledger.errors import Reason

# What the opening or the packing would refuse; the rest is the panel's to judge.
BLOCKING = frozenset({"bidding.no_files", "bidding.file_name", "bidding.file_twice", "bidding.files_many",
                      "bidding.package_large"})  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing found. `facts` fill the places of its sentence."""

    code: str
    file: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether the bid must not be sealed as it stands."""
        return self.code in BLOCKING

    @property
    def reason(self) -> Reason:
        """The same as a reason of the house, in English."""
        return Reason(self.code, SENTENCES[self.code].english, dict(self.facts))

    def say(self, language: str = "en") -> str:
        """The sentence for people, with the file before it."""
        said = SENTENCES[self.code].said(language) % dict(self.facts)
        return f"{self.file}: {said}" if self.file else said


@dataclass(frozen=True)
class Candidate:
    """A file about to be packed: its name, size in bytes, and how to read it."""

    name: str
    size: int
    opener: Callable[[], BinaryIO]


@dataclass(frozen=True)
class Paper:
    """A paper that a bid for the lot has: which files are meant (`stems` begin their names), and how it is read.

    `blind`: the panel reads it without knowing whose it is (暗标).
    """

    code: str
    name: str
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    required: bool
    blind: bool = False

    def means(self, name: str) -> bool:
        """Whether a file with this name is this paper."""
        stem, _dot, ending = name.lower().rpartition(".")
        return ending in self.endings and stem.startswith(self.stems)


@dataclass(frozen=True)
class Rules:
    """What a lot asks of a package: its papers, and the bidder's own names, which no blind paper may hold."""

    papers: tuple[Paper, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Package:
    """What is about to be sealed: price in yuan and days as typed, the files."""

    price: str
    days: str
    files: Sequence[Candidate]

    def of(self, paper: Paper) -> list[Candidate]:
        """The files that are this paper."""
        return [one for one in self.files if paper.means(one.name)]
