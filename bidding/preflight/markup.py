"""Pure. Words out of the XML parts of office files, without a parser: no entity is expanded, nothing is fetched.

Enters: bytes of a part. Leaves: text, tags' attributes, the words between the tags. Twin: preflight/markup.ts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
SPACE = re.compile(r"\s+")


def decoded(data: bytes) -> str:
    """The text of an XML part: UTF-8, or UTF-16 with its mark."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data[2:].decode("utf-16-le" if data[:1] == b"\xff" else "utf-16-be", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return NAMED[found[3]]
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else ""


def unescaped(text: str) -> str:
    """`text` with its entities as characters."""
    return ENTITY.sub(_character, text)


def words(xml: str) -> str:
    """What stands between the tags: the runs of a paragraph joined, as a reader sees them."""
    return unescaped(TAG.sub("", xml))


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag."""
    return {name: unescaped(double or single) for name, double, single in ATTRIBUTE.findall(tag)}


def elements(xml: str, name: str) -> Iterator[tuple[str, str]]:
    """(attributes as text, inner XML) of each element called `name` under any prefix; they must not nest."""
    form = rf"<(?:\w+:)?{name}(\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)?(?:/>|>(.*?)</(?:\w+:)?{name}\s*>)"
    for found in re.finditer(form, xml, re.DOTALL):
        yield found[1] or "", found[2] or ""


def folded(text: str) -> str:
    """For searching: width, case and spaces do not count."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()
