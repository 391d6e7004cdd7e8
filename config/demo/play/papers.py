"""Papers made on the spot: tender documents, records, bids; small real files of the kinds that people send.

Enters: a title and paragraphs. Leaves: the bytes of a .docx, .xlsx or .pdf.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Sequence

from docx import Document
from openpyxl import Workbook

LINE = 18
FIRST = 780
LINES = 40


def docx(title: str, paragraphs: Iterable[str]) -> bytes:
    """A Word file."""
    made = Document()
    made.add_heading(title, 0)
    for text in paragraphs:
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def xlsx(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet."""
    made = Workbook()
    sheet = made.active
    if sheet is None:
        raise ValueError("a workbook without a sheet")
    sheet.title = title[:31]
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """A page of PDF 1.4 in a Chinese font that every reader brings along."""
    lines = [title, "", *paragraphs][:LINES]
    text = "".join(f"1 0 0 1 60 {FIRST - LINE * at} Tm <{_hex(line)}> Tj\n" for at, line in enumerate(lines))
    stream = zlib.compress(f"BT /F1 11 Tf\n{text}ET".encode("ascii"))
    font = "/Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R]"
    descendant = "/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
    system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    descriptor = "/Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880]"
    metrics = "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources 8 0 R >>",
            f"<< {font} >>".encode(),
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream",
            f"<< {descendant} {system} >>".encode(),
            f"<< {descriptor} {metrics} >>".encode(),
            b"<< /Font << /F1 4 0 R >> >>",
        ]
    )


def _hex(line: str) -> str:
    return line.encode("utf-16-be").hex()


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    tail = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer << /Size {count} /Root 1 0 R >>\n"
    return bytes(out) + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode()
