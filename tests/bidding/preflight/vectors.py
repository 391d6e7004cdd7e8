"""The cases of the package check that both twins read: `python -m tests.bidding.preflight.vectors` writes them.

Each case: files, offer, rules as the bid desk tells them; and what must be found, written by hand.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bidding.preflight.office import core, docx, packed, pdf, xlsx

PATH = Path(__file__).resolve().parents[2] / "vectors" / "preflight.json"
NAME, CREDIT = "海湾建设集团有限公司", "91460000MA5TEST01X"
Cell = str | int | None
PAPERS: list[dict[str, Any]] = [
    {
        "code": "opening_list",
        "name": "开标一览表",
        "stems": ["开标一览表", "opening-list"],
        "endings": ["xlsx"],
        "required": True,
        "blind": False,
    },
    {
        "code": "price_schedule",
        "name": "报价表",
        "stems": ["报价表", "price-schedule"],
        "endings": ["xlsx"],
        "required": True,
        "blind": False,
    },
    {
        "code": "technical",
        "name": "技术标",
        "stems": ["技术标", "technical"],
        "endings": ["docx", "pdf"],
        "required": True,
        "blind": True,
    },
    {
        "code": "commercial",
        "name": "商务标",
        "stems": ["商务标", "commercial"],
        "endings": ["docx", "pdf"],
        "required": True,
        "blind": False,
    },
]
HEADINGS: list[Cell] = ["序号", "项目名称", "单位", "数量", "综合单价（元）", "金额（元）"]
LIST = xlsx([["开标一览表"], ["投标总价（元）", "#9596000"], ["工期（日历天）", "300天"], ["质量标准", "合格"]])
SCHEDULE = xlsx(
    [
        ["报价表"],
        HEADINGS,
        ["#1", "土方开挖", "m3", "#1200.5", "#3000", "#3601500"],
        ["#2", "管网", "m", "#2000", "#2997.25", "=D4*E4"],
        [None, "小计", None, None, None, "#9596000"],
        [None, "合计", None, None, None, "=SUM(F3:F4)=9596000.0000000001"],
    ]
)
TECHNICAL, COMMERCIAL = docx("一、施工部署", "二、质量措施"), docx(f"投标人：{NAME}")
HONEST = {"开标一览表.xlsx": LIST, "报价表.xlsx": SCHEDULE, "技术标.docx": TECHNICAL, "商务标.docx": COMMERCIAL}
Found = tuple[str, str, Mapping[str, str]]


def found(code: str, file: str = "", **facts: str) -> Found:
    """A finding of the room."""
    return (f"bidding.{code}", file, facts)


def case(
    about: str,
    files: Mapping[str, bytes],
    expected: Sequence[Found],
    *,
    papers: Sequence[Mapping[str, Any]] = (),
    price: str = "9596000.00",
    days: str = "300",
) -> dict[str, Any]:
    """One case."""
    return {
        "about": about,
        "desk": {"name": NAME, "credit_code": CREDIT, "papers": list(papers)},
        "price": price,
        "days": days,
        "files": [{"name": name, "data": base64.b64encode(data).decode()} for name, data in files.items()],
        "found": [{"code": code, "file": file, "facts": dict(facts)} for code, file, facts in expected],
    }


def _schedule(rows: Sequence[Sequence[Cell]], expected: Sequence[Found], about: str, price: str) -> dict[str, Any]:
    return case(
        about, {"报价表.xlsx": xlsx([HEADINGS, *rows], ["土方开挖"])}, expected, papers=PAPERS[1:2], price=price
    )


def package_cases() -> list[dict[str, Any]]:
    """Of the package as a whole."""
    missing = [
        found("paper_missing", paper=one["name"], stem=f"{one['stems'][0]} / {one['stems'][-1]}") for one in PAPERS
    ]
    return [
        case("an honest package", HONEST, [], papers=PAPERS),
        case("nothing at all", {}, [found("no_files"), *missing], papers=PAPERS),
        case("a lot without papers", {"readme.txt": b"x"}, []),
        case("an ending that is not the paper's", HONEST | {"商务标.docx": COMMERCIAL}, [], papers=PAPERS[3:]),
        case(
            "names that unpacking would refuse",
            {"../x.pdf": pdf(), "manifest.json": b"{}", "con.txt": b"x", "好.txt": b"x"},
            [found("file_name", "../x.pdf"), found("file_name", "manifest.json"), found("file_name", "con.txt")],
        ),
        case("twins, and the cover's own name", {"A.txt": b"x", "a.TXT": b"x"}, [found("file_twice")]),
        case("cover.key", {"cover.key": b"x"}, [found("file_twice")]),
        case(
            "an empty file",
            {"x.docx": b"", "y.txt": b""},
            [found("file_empty", "x.docx"), found("file_empty", "y.txt")],
        ),
    ]


def whole_cases() -> list[dict[str, Any]]:
    """Of files that are not what they say."""
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    bomb = zlib.compress(bytes(1 << 26), 9)
    swollen = packed({"a.bin": bytes((1 << 25) + 1)})
    declared = bytearray(packed({"a.txt": b"x" * 100}))
    at = declared.rindex(b"PK\x01\x02")
    declared[at + 24 : at + 28] = (1 << 25).to_bytes(4, "little")
    locked = bytearray(packed({"a.txt": b"secret"}))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    hurt = bytearray(TECHNICAL)
    hurt[TECHNICAL.index(b"word/document.xml") + 40] ^= 0xFF
    broken = {
        "cut": TECHNICAL[:-30],
        "hurt inside": bytes(hurt),
        "no zip": b"PK and the price",
        "a pdf": pdf(),
        "without its main part": packed({"[Content_Types].xml": "<Types/>"}),
        "no types": packed({"a.txt": b"x"}),
        "a workbook": SCHEDULE,
        "trailing bytes": TECHNICAL + b"more",
    }
    return [
        *(
            case(f"a docx that is broken: {about}", {"x.docx": data}, [found("file_broken", "x.docx")])
            for about, data in broken.items()
        ),
        case(
            "under a password",
            {"x.docx": ole, "y.xlsx": ole, "old.doc": ole},
            [found("file_encrypted", "x.docx"), found("file_encrypted", "y.xlsx")],
        ),
        case("a zip under a password", {"x.zip": bytes(locked)}, [found("file_encrypted", "x.zip")]),
        case("a zip bomb by its ratio", {"x.zip": swollen}, [found("file_bomb", "x.zip", size=str((1 << 25) + 1))]),
        case("a zip that lies about its size", {"x.zip": bytes(declared)}, [found("file_broken", "x.zip")]),
        case("not a zip at all, but small", {"x.zip": bomb[:100]}, [found("file_broken", "x.zip")]),
        case(
            "pdfs",
            {"a.pdf": pdf(), "b.pdf": b"%PDF-1.7 cut off", "c.pdf": pdf("/Encrypt 5 0 R"), "D.PDF": b"no"},
            [found("file_broken", "b.pdf"), found("file_encrypted", "c.pdf"), found("file_broken", "D.PDF")],
        ),
    ]


def schedule_cases() -> list[dict[str, Any]]:
    """Of the arithmetic of the price schedule."""
    line: list[Cell] = ["#1", 0, "m3", "#3", "#33.333", "#100"]
    return [
        _schedule([line, ["合计", None, None, None, None, "#100"]], [], "rounded half up", "100"),
        _schedule([["#1", 0, "m3", "#0.5", "#0.05", "#0.03"]], [], "0.025 is 0.03", "0.03"),
        _schedule(
            [["#1", 0, "m3", "#3", "#2.5", "#7.4"], ["合计", None, None, None, None, "#7.4"]],
            [found("schedule_line", "报价表.xlsx", row="2", right="7.50", found="7.40")],
            "a line that is wrong",
            "7.40",
        ),
        _schedule(
            [["#1", 0, "m3", "#3", "#2.5", None]],
            [found("schedule_line", "报价表.xlsx", row="2", right="7.50", found="—")],
            "an amount left out",
            "7.50",
        ),
        _schedule(
            [["#1", 0, "m3", "3", "2.5", "一百"]],
            [found("schedule_line", "报价表.xlsx", row="2", right="7.50", found="一百")],
            "figures as texts",
            "7.50",
        ),
        _schedule(
            [line, line, [None, "总 计", None, None, None, "#150"]],
            [
                found("schedule_total", "报价表.xlsx", right="200.00", found="150.00"),
                found("schedule_price", "报价表.xlsx", found="150.00", price="200.00"),
            ],
            "a total that is wrong",
            "200",
        ),
        _schedule(
            [["#1", 0, "m3", "#0.1", "#0.2", "#2.0000000000000004E-2"], ["#2", 0, "m", "#1", "#1E3", "1,000.00"]],
            [found("schedule_price", "报价表.xlsx", found="1000.02", price="1000.03")],
            "as spreadsheets store",
            "1000.03",
        ),
        _schedule(
            [["#1", 0, "m3", "#-1", "#5", "#-5"], ["#2", 0, "m", "#1", "#5", "#5.02"]],
            [
                found("schedule_line", "报价表.xlsx", row="3", right="5.00", found="5.02"),
                found("schedule_price", "报价表.xlsx", found="0.02", price="1.00"),
            ],
            "a deduction",
            "1.00",
        ),
        _schedule([["合计", None, None, None, None, "#5"]], [found("schedule_unread", "报价表.xlsx")], "no lines", "5"),
        case("no table", {"报价表.xlsx": LIST}, [found("schedule_unread", "报价表.xlsx")], papers=PAPERS[1:2]),
        case("no price typed yet", {"报价表.xlsx": SCHEDULE}, [], papers=PAPERS[1:2], price=""),
        case(
            "another price",
            {"报价表.xlsx": SCHEDULE},
            [found("schedule_price", "报价表.xlsx", found="9596000.00", price="9596000.01")],
            papers=PAPERS[1:2],
            price="9596000.01",
        ),
    ]


def list_cases() -> list[dict[str, Any]]:
    """Of the opening list."""
    name = "开标一览表.xlsx"
    numbered = xlsx([["序号", "内容", "填写"], ["#1", "投标报价", "9,596,000.00"], ["#2", "Duration", "#300"]])
    return [
        case("with running numbers", {name: numbered}, [], papers=PAPERS[:1]),
        case(
            "other figures",
            {name: LIST},
            [
                found("opening_list_price", name, found="9596000.00", price="1.00"),
                found("opening_list_days", name, found="300", days="299"),
            ],
            papers=PAPERS[:1],
            price="1",
            days="299",
        ),
        case(
            "blank",
            {name: xlsx([["投标总价", None], ["工期", None]])},
            [found("opening_list_unread", name)],
            papers=PAPERS[:1],
        ),
    ]


def blind_cases() -> list[dict[str, Any]]:
    """Of papers that are judged without names."""
    split = "<w:r><w:t>本项目由海湾</w:t></w:r><w:r><w:t> 建设</w:t></w:r><w:r><w:t>实施</w:t></w:r>"
    name = "技术标.docx"

    def one(about: str, data: bytes, *expected: Found) -> dict[str, Any]:
        return case(about, {name: data}, expected, papers=PAPERS[2:3])

    def named(word: str, part: str = "word/document.xml") -> Found:
        return found("blind_name", name, word=word, part=part)

    author = '<w:comments><w:comment w:author="海湾建设"/></w:comments>'
    return [
        one("the whole name", docx(f"投标人：{NAME}"), named(NAME)),
        one("the short name, split into runs and spaced", docx(split), named("海湾建设")),
        one("the credit code in wide letters", docx("９１４６００００ＭＡ５ＴＥＳＴ０１Ｘ"), named(CREDIT)),
        one("escaped letters", docx("<w:r><w:t>&#x6D77;&#28286;建设</w:t></w:r>"), named("海湾建设")),
        one("an author of a comment", docx("x", word__comments=author), named("海湾建设", "word/comments.xml")),
        one(
            "properties",
            docx(
                "x",
                docProps__core=core("张三", "李四"),
                docProps__app="<Properties><Company>某公司</Company></Properties>",
            ),
            found("blind_metadata", name, field="creator", word="张三"),
            found("blind_metadata", name, field="lastModifiedBy", word="李四"),
            found("blind_metadata", name, field="Company", word="某公司"),
        ),
        one("empty properties", docx("x", docProps__core=core())),
        case(
            "the name in the name of the file",
            {"技术标-海湾建设.docx": TECHNICAL},
            [found("blind_name", "技术标-海湾建设.docx", word="海湾建设", part="技术标-海湾建设.docx")],
            papers=PAPERS[2:3],
        ),
        case("a pdf", {"技术标.pdf": pdf("/Title (x)")}, [found("blind_pdf", "技术标.pdf")], papers=PAPERS[2:3]),
        case(
            "a pdf with an author",
            {"技术标.pdf": pdf() + b"%" + "海湾建设".encode("utf-16-be") + b"\nstartxref\n%%EOF"},
            [found("blind_name", "技术标.pdf", word="海湾建设", part="PDF"), found("blind_pdf", "技术标.pdf")],
            papers=PAPERS[2:3],
        ),
        case("a commercial volume may name the bidder", {"商务标.docx": COMMERCIAL}, [], papers=PAPERS[3:]),
        one("a broken one cannot be searched", TECHNICAL[:-5], found("file_broken", name), found("blind_unread", name)),
    ]


def cases() -> list[dict[str, Any]]:
    """All of them."""
    return [*package_cases(), *whole_cases(), *schedule_cases(), *list_cases(), *blind_cases()]


if __name__ == "__main__":
    PATH.write_text(json.dumps(cases(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
