"""Small office files by hand, so that a test says exactly what stands in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def packed(parts: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """A ZIP of the parts, with the same bytes every time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=archive.compression)
    return made.getvalue()


def content_types(part: str, kind: str) -> str:
    """The list of content types that names one main part."""
    return f'{XML}<Types xmlns="{TYPES}"><Override PartName="/{part}" ContentType="{kind}"/></Types>'


def docx(*paragraphs: str, **parts: str) -> bytes:
    """A document; `parts` are further ones, named with `__` for `/`."""
    body = "".join(f"<w:p>{one if one.startswith('<') else run(one)}</w:p>" for one in paragraphs)
    further = {name.replace("__", "/") + ".xml": text for name, text in parts.items()}
    main = f'{XML}<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>'
    return packed(
        {"[Content_Types].xml": content_types("word/document.xml", WORD), "word/document.xml": main, **further}
    )


def run(text: str) -> str:
    """A run of text."""
    return f"<w:r><w:t>{escape(text)}</w:t></w:r>"


def core(creator: str = "", last: str = "") -> str:
    """docProps/core.xml."""
    names = f"<dc:creator>{creator}</dc:creator><cp:lastModifiedBy>{last}</cp:lastModifiedBy>"
    return f"{XML}<cp:coreProperties>{names}</cp:coreProperties>"


def cell(place: str, value: str | int | None) -> str:
    """A cell: "=..." is a formula without a result, "=...=1" one with a result, other texts inline, numbers as such."""
    if isinstance(value, str) and value.startswith("="):
        formula, _equals, result = value[1:].partition("=")
        return f'<c r="{place}"><f>{escape(formula)}</f>{f"<v>{result}</v>" if result else ""}</c>'
    if isinstance(value, str) and value.startswith("#"):
        return f'<c r="{place}"><v>{value[1:]}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return "" if value is None else f'<c r="{place}" t="s"><v>{value}</v></c>'


def xlsx(rows: Sequence[Sequence[str | int | None]], shared: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet. A whole number in a row is the place of a shared string; figures are "#12.5"."""
    lines = "".join(
        f'<row r="{at}">'
        + "".join(cell(f"{chr(65 + column)}{at}", value) for column, value in enumerate(row))
        + "</row>"
        for at, row in enumerate(rows, 1)
    )
    named, related = '<sheet name="1" r:id="rId1"/>', '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
    strings = "".join(f"<si><r><t>{escape(one[:2])}</t></r><r><t>{escape(one[2:])}</t></r></si>" for one in shared)
    return packed(
        {
            "[Content_Types].xml": content_types("xl/workbook.xml", SHEET),
            "xl/workbook.xml": f'{XML}<workbook xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{RELATED}">{related}</Relationships>',
            "xl/worksheets/sheet1.xml": f"{XML}<worksheet><sheetData>{lines}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"{XML}<sst>{strings}</sst>",
        }
    )


def pdf(text: str = "") -> bytes:
    """A file that begins and ends like a PDF."""
    return b"%PDF-1.7\n" + text.encode() + b"\nstartxref\n9\n%%EOF\n"
