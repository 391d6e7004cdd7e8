"""Merges the rooms' translations into the catalogues that Django reads, and finds sentences without Chinese.

Enters: `config/locale/parts/*.po` (English msgid, Chinese msgstr), the code and the templates of the rooms.
Leaves: `django.mo` for zh_Hans and en (English is the msgid itself), made by Babel because a bare machine has no
gettext; and lists of what does not fit. Nothing is written when two parts disagree.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.utils.translation.template import templatize

# Argument numbers of what each marker takes, counted from 0: (singular, plural, context).
MARKERS: dict[str, tuple[int, int | None, int | None]] = {
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
    "Reason": (1, None, None),
    "refused": (1, None, None),
}
TEMPLATE_MARKERS = dict.fromkeys(("_", "gettext", "ngettext", "pgettext", "npgettext"))
PLACES = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]")
LINE = re.compile(r'(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[[0-9]\])\s+)?"(?:[^"\\]|\\.)*")?')

Key = tuple[str, str]  # context ("" for none) and msgid


class CatalogueError(Exception):
    """Parts that cannot be merged; one sentence a line, each with its file."""


@dataclass(frozen=True)
class Sentence:
    """What is shown to people: its English, its plural if it counts, its Chinese."""

    context: str
    english: str
    plural: str
    chinese: str

    @property
    def key(self) -> Key:
        """What makes it one sentence."""
        return self.context, self.english


def merge(parts: Iterable[Path]) -> dict[Key, Sentence]:
    """Every sentence of `parts`, in order; CatalogueError names each contradiction, gap and broken place."""
    merged: dict[Key, tuple[Sentence, Path]] = {}
    faults: list[str] = []
    for path in sorted(parts):
        for sentence in _sentences(path):
            faults += [f"{path.name}: {fault}" for fault in _faults(sentence)]
            known, where = merged.setdefault(sentence.key, (sentence, path))
            if (known.plural, known.chinese) != (sentence.plural, sentence.chinese):
                both = f"{sentence.chinese!r} here and {known.chinese!r} in {where.name}"
                faults.append(f"{path.name}: {sentence.english!r} is {both}")
    if faults:
        raise CatalogueError("\n".join(faults))
    return {key: sentence for key, (sentence, _path) in merged.items()}


def _sentences(path: Path) -> Iterator[Sentence]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not LINE.fullmatch(line.strip()):  # Babel would mend it by guessing
            raise CatalogueError(f"{path.name}: line {number} is no line of a catalogue: {line}")
    try:
        with path.open("rb") as source:
            # Chinese has one form for every number, whatever the part's header says or leaves out.
            catalogue = read_po(source, locale="zh_Hans", domain="django", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as broken:
        raise CatalogueError(f"{path.name}: {broken}") from broken
    for message in catalogue:
        if message.id:
            english, plural = (message.id, "") if isinstance(message.id, str) else message.id
            chinese = message.string if isinstance(message.string, str) else (message.string or [""])[0]
            yield Sentence(message.context or "", english, plural, "" if message.fuzzy else chinese)


def _faults(sentence: Sentence) -> Iterator[str]:
    if not sentence.chinese:
        yield f"{sentence.english!r} has no Chinese, or one marked fuzzy"
    elif set(PLACES.findall(sentence.chinese)) != set(PLACES.findall(sentence.plural or sentence.english)):
        yield f"{sentence.english!r} and {sentence.chinese!r} have different places to fill"


def compile_into(locale: Path, sentences: dict[Key, Sentence]) -> list[Path]:
    """Write both `django.mo` below `locale`; the files that changed."""
    chinese, english = Catalog(locale="zh_Hans", domain="django"), Catalog(locale="en", domain="django")
    for sentence in sentences.values():
        key = (sentence.english, sentence.plural) if sentence.plural else sentence.english
        context = sentence.context or None
        chinese.add(key, (sentence.chinese,) if sentence.plural else sentence.chinese, context=context)
        english.add(key, key, context=context)
    written = [_write(locale / "zh_Hans", chinese), _write(locale / "en", english)]
    return [path for path in written if path is not None]


def _write(folder: Path, catalogue: Catalog) -> Path | None:
    made = io.BytesIO()
    write_mo(made, catalogue)
    path = folder / "LC_MESSAGES" / "django.mo"
    if path.exists() and path.read_bytes() == made.getvalue():
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_bytes(made.getvalue())
    draft.replace(path)
    return path


def used(folders: Iterable[Path]) -> dict[Key, str]:
    """Every sentence marked in the Python files and templates of `folders`, with one place where it stands."""
    found: dict[Key, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for key, line in _in_code(path.read_text(encoding="utf-8")):
                found.setdefault(key, f"{path}:{line}")
        for path in sorted([*folder.rglob("templates/**/*.html"), *folder.rglob("templates/**/*.txt")]):
            for key, line in _in_template(path.read_text(encoding="utf-8"), str(path)):
                found.setdefault(key, f"{path}:{line}")
    return found


def _in_code(source: str) -> Iterator[tuple[Key, int]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in MARKERS:
            singular, _plural, context = MARKERS[name]
            text = _literal(node, singular)
            if text:
                yield ("" if context is None else _literal(node, context), text), node.lineno


def _literal(call: ast.Call, number: int) -> str:
    """Argument `number` of `call` when it is a text written out, else ""."""
    argument = call.args[number] if number < len(call.args) else None
    value = argument.value if isinstance(argument, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _in_template(source: str, name: str) -> Iterator[tuple[Key, int]]:
    # templatize leaves calls among X's; the indentation of the page means nothing to Python's tokens.
    code = "\n".join(line.lstrip() for line in templatize(source, origin=name).splitlines())
    calls: Any = extract_python(io.BytesIO(code.encode()), TEMPLATE_MARKERS, (), {})
    for line, marker, said, _comments in calls:  # Babel's types say `said` has several texts; a single one comes bare
        texts: list[str] = [said] if isinstance(said, str) else list(said)
        singular, _plural, context = MARKERS[marker]
        if singular < len(texts) and texts[singular]:
            yield ("" if context is None else texts[context], texts[singular]), line
