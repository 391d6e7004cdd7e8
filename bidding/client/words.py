"""What the client says, in the person's language: English in the code, Chinese from the catalogues that travel with it.

Enters: an English sentence, a language. Leaves: the sentence in that language; the English where the catalogues have
none. The catalogues are the plain `.po` parts, so nothing has to be compiled.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ledger.errors import Reason, SunlightError, _

PARTS = Path(__file__).resolve().parents[2] / "config" / "locale" / "parts"


@cache
def chinese() -> dict[str, str]:
    """Every sentence of the parts, by its English; empty when they are not installed."""
    found: dict[str, str] = {}
    for path in sorted(PARTS.glob("*.po")):
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


FILES = (
    (FileNotFoundError, "client.no_file", _("%(name)s is not there.")),
    (FileExistsError, "client.file_exists", _("%(name)s is there already, and is never overwritten.")),
    (PermissionError, "client.no_access", _("You may not read or write %(name)s.")),
    (IsADirectoryError, "client.is_folder", _("%(name)s is a folder; a file is needed.")),
    (NotADirectoryError, "client.no_folder", _("The folder %(name)s is not there.")),
)


def _of_file(error: OSError) -> Reason:
    """What the machine says of a file, as a reason that names the file."""
    name, why = str(error.filename), error.strerror or str(error)
    for kind, code, text in FILES:
        if isinstance(error, kind):
            return Reason(code, text, {"name": name})
    return Reason("client.file", _("%(name)s cannot be used: %(why)s."), {"name": name, "why": why})


def reasons(error: SunlightError | OSError, language: str) -> list[str]:
    """What an error says, a line for each reason, its code first."""
    found: tuple[Reason, ...] = getattr(error, "reasons", ())
    if isinstance(error, OSError) and error.filename is not None:
        found = (_of_file(error),)
    lines = [
        f"{one.code}: {say(one.text, language) % one.facts if one.facts else say(one.text, language)}" for one in found
    ]
    return lines or [str(error)]
