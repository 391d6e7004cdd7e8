"""The Chinese of our sentences, for commands that run without Django: from the catalogues that travel with the code.

Enters: an English sentence, a language. Leaves: the sentence in that language; the English where the catalogues have
none. The catalogues are the plain `.po` parts, so nothing has to be compiled.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PARTS = Path(__file__).resolve().parents[1] / "config" / "locale" / "parts"


@cache
def chinese(parts: Path = PARTS) -> dict[str, str]:
    """Every sentence of the parts, by its English; empty when they are not installed."""
    found: dict[str, str] = {}
    for path in sorted(parts.glob("*.po")):
        found.update(pairs(path.read_text(encoding="utf-8")))
    return found


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """(msgid, msgstr) of a part; entries with a context or a plural are left out."""
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        words = {"msgid": "", "msgstr": ""}
        at = ""
        for line in lines:
            name, _space, rest = line.partition(" ")
            at, quoted = (name, rest) if not line.startswith('"') else (at, line)
            words[at] = words.get(at, "") + str(ast.literal_eval(quoted))
        if words.keys() == {"msgid", "msgstr"} and words["msgid"] and words["msgstr"]:
            yield words["msgid"], words["msgstr"]


def say(text: str, language: str) -> str:
    """`text` in the language."""
    return chinese().get(text, text) if language.startswith("zh") else text
