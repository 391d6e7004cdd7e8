"""The command in small: what it asks for, what it takes from one's own files, what it prints, to the letter."""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import note
from ledger.catalogue import say
from ledger.errors import Broken, Reason, Refused
from ledger.witness.policy import parse_policy
from supervision.verifier.__main__ import _parser, lines, main, sentence, stopped, text_in, trust_of
from supervision.verifier.case import fault
from supervision.verifier.check import WITH_PUBLIC, Result
from supervision.verifier.verifying import CHECKS, NOT_REACHED, Verdict
from tests.supervision.verifier.saved import case_of, saved
from trading.almanac import shipped
from trading.procedures.known import known

HELP = """\
usage: python -m supervision.verifier [-h] --log-key LOG_KEY [--language {zh,en}] --roots ROOTS
                                      [--witness-policy WITNESS_POLICY] [--timestamp-roots TIMESTAMP_ROOTS]
                                      [--receipt RECEIPT] [--holidays HOLIDAYS]
                                      bundle

Check a tender's evidence. The log's key and the roots are your own copies, never the bundle's.

positional arguments:
  bundle                the bundle (ZIP)

options:
  -h, --help            show this help message and exit
  --log-key LOG_KEY     file with the log's key: name+hash+key
  --language {zh,en}    of what is said
  --roots ROOTS         PEM file of the certificate authorities you trust
  --witness-policy WITNESS_POLICY
                        your own policy: whose cosignatures count (tlog-policy)
  --timestamp-roots TIMESTAMP_ROOTS
                        PEM file of the timestamp authorities you trust
  --receipt RECEIPT     a receipt of your own (JSON); may be repeated
  --holidays HOLIDAYS   your own holidays of a year (CSV); may be repeated
"""
EN, ZH = (partial(say, language=language) for language in ("en", "zh"))
HOLIDAYS = "date,kind,name\n2031-03-04,rest,节\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a verifier's own key and roots, and the shortest whole tender's public bundle."""
    held = saved("hours")
    (tmp_path / "b.zip").write_bytes(held.public)
    (tmp_path / "log.key").write_text(held.log_key + "\n", "utf-8")
    (tmp_path / "roots.pem").write_text(held.roots, "utf-8")
    return tmp_path


@pytest.fixture
def ascii_machine() -> Iterator[None]:
    """A machine that takes files for ASCII."""
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    yield
    locale.setlocale(locale.LC_CTYPE, before)


def arguments(own: Path, *more: str) -> list[str]:
    return [str(own / "b.zip"), "--log-key", str(own / "log.key"), "--roots", str(own / "roots.pem"), *more]


def put(own: Path, name: str, text: str) -> str:
    """The path of a file with this text."""
    (own / name).write_text(text, "utf-8")
    return str(own / name)


def test_what_it_asks_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "COLUMNS", "120")
    with pytest.raises(SystemExit) as stop:
        main(["--help", "--language", "en"])
    assert (stop.value.code, capsys.readouterr().out) == (0, HELP)


def test_what_it_asks_for_in_chinese(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "COLUMNS", "120")
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    usage, told, *rest = capsys.readouterr().out.split("\n\n")
    assert (stop.value.code, usage) == (0, HELP.partition("\n\n")[0].replace("usage:", "用法:"))
    assert told == "核验一个项目的证据。日志公钥与根证书须为您自存的副本，绝不取自证据包。"
    assert re.findall(r"[a-z]+ [a-z]+", "\n".join(rest)) == []


def test_what_is_given_is_a_path_and_what_is_not_given_is_nothing(own: Path) -> None:
    assert vars(_parser("en").parse_args(arguments(own))) == {
        "bundle": own / "b.zip", "log_key": own / "log.key", "roots": own / "roots.pem", "witness_policy": None,
        "timestamp_roots": None, "receipt": [], "holidays": [], "language": "en",
    }  # fmt: skip
    more = ["--witness-policy", "p", "--timestamp-roots", "t", "--language", "zh"]
    more += ["--receipt", "1", "--receipt", "2", "--holidays", "3", "--holidays", "4"]
    given = vars(_parser("en").parse_args(arguments(own, *more)))
    assert [given[name] for name in ("witness_policy", "timestamp_roots", "receipt", "holidays", "language")] == [
        Path("p"), Path("t"), [Path("1"), Path("2")], [Path("3"), Path("4")], "zh",
    ]  # fmt: skip


@pytest.mark.parametrize("without", [0, 1, 3])
def test_bundle_key_and_roots_must_be_given_and_the_language_is_one_of_two(own: Path, without: int) -> None:
    asked = arguments(own)
    del asked[without : without + (2 if without else 1)]
    for wrong in (asked, arguments(own, "--language", "fr")):
        with pytest.raises(SystemExit) as stop:
            _parser("en").parse_args(wrong)
        assert stop.value.code == 2


def test_what_ones_own_files_say_is_trusted(own: Path) -> None:
    plain = trust_of(_parser("en").parse_args(arguments(own)))
    held = saved("hours").trust
    assert (plain.log, plain.roots) == (held.log, held.roots)
    assert (plain.procedures, plain.holidays, plain.policy, plain.timestamp_roots, plain.receipts) == (
        known(), shipped(), None, None, (),
    )  # fmt: skip
    policy = f"log {note.verifier_key(held.log.name, held.log.public)}\nquorum none\n"
    more = ["--witness-policy", put(own, "policy", policy), "--timestamp-roots", str(own / "roots.pem")]
    more += ["--receipt", put(own, "1", "{1}"), "--receipt", put(own, "2", "{二}")]
    more += ["--holidays", put(own, "3", HOLIDAYS), "--holidays", put(own, "4", HOLIDAYS.replace("2031", "2032"))]
    found = trust_of(_parser("en").parse_args(arguments(own, *more)))
    assert (found.log, found.roots, found.procedures) == (plain.log, plain.roots, plain.procedures)
    assert (found.policy, found.timestamp_roots) == (parse_policy(policy), held.roots)
    assert found.receipts == ("{1}", "{二}")
    assert found.holidays.years.keys() == shipped().years.keys() | {2031, 2032}
    line = found.holidays.named(date(2032, 3, 4))
    assert line
    assert line.name == "节"


@pytest.mark.usefixtures("ascii_machine")
def test_files_are_read_as_utf_8_whatever_the_machine_is_used_to(own: Path) -> None:
    (own / "text").write_bytes("回执\n".encode())
    assert text_in(own / "text") == "回执\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "verify.holidays"), ("date,kind,name\n", "verify.holidays"), ("date,kind,name\nnext\n", "verify.holidays"),
     ("date,kind,name\n2031-03-04,rest\n", "trading.holidays_malformed")],
)  # fmt: skip
def test_what_is_no_holiday_table(own: Path, text: str, why: str) -> None:
    path = put(own, "own.csv", text)
    with pytest.raises(Refused) as caught:
        trust_of(_parser("en").parse_args(arguments(own, "--holidays", path)))
    assert caught.value.codes == [why]
    assert why != "verify.holidays" or str(caught.value) == f"{why}: {path} is no holiday table."


def test_ones_own_holidays_take_the_place_of_the_shipped_ones(own: Path) -> None:
    (day, _line), *_others = shipped().years[2026].items()
    path = put(own, "own.csv", "date,kind,name\n2026-03-24,rest,a day of ours\n")
    found = trust_of(_parser("en").parse_args(arguments(own, "--holidays", path))).holidays
    assert found.named(day) is None
    assert not found.is_working(date(2026, 3, 24))


def test_what_is_no_pem_or_no_policy_for_this_log(own: Path) -> None:
    junk = put(own, "junk", "junk")
    for option in ("--timestamp-roots", "--roots"):
        with pytest.raises(Refused) as caught:
            trust_of(_parser("en").parse_args(arguments(own, option, junk)))
        assert str(caught.value) == f"verify.roots: {junk} holds no certificates in PEM."
    held = saved("hours").trust.log
    other = note.raw_public(Ed25519PrivateKey.from_private_bytes(b"\x08" * 32).public_key())
    for name, key in ((held.name, other), ("other", held.public)):
        path = put(own, "policy", f"log {note.verifier_key(name, key)}\nquorum none\n")
        with pytest.raises(Refused) as caught:
            trust_of(_parser("en").parse_args(arguments(own, "--witness-policy", path)))
        assert str(caught.value) == f"verify.policy: {path} is no witness policy for this log."


def verdict(kind: str) -> Verdict:
    """A verdict with every kind of result."""
    lost = fault(
        "missing", "The bundle does not hold what must be there: %(what)s.", lot="t-1", what="a member's sheet"
    )
    bare = fault("missing", "The bundle does not hold what must be there: %(what)s.", what="")
    titles = [(one.number, one.title) for one in CHECKS]
    results = (
        Result(*titles[8], ()), Result(*titles[25], (lost, bare)), Result(*titles[28], (), WITH_PUBLIC.text),
        Result(*titles[29], (), WITH_PUBLIC.text), Result(*titles[30], ()), Result(*titles[31], ()),
    )  # fmt: skip
    return Verdict(case_of("hours", kind), results)


def test_what_is_printed() -> None:
    case = case_of("hours", "public")
    assert lines(verdict("public"), EN) == [
        f"Public bundle of {case.tender} (newest state): {len(case.lots)} lots, {len(case.leaves)} entries.",
        f" 9. {CHECKS[8].title}: ok",
        "26. Every member signed whole sheets, before any was shown: FAILED",
        "      t-1: The bundle does not hold what must be there: a member's sheet. [verify.missing]",
        "      The bundle does not hold what must be there: . [verify.missing]",
        "29. Every member signed the report: cannot be done with a public bundle",
        "30. Sheets and report bear the signatures of the members: cannot be done with a public bundle",
        f"31. {CHECKS[30].title}: ok",
        f"32. {CHECKS[31].title}: ok",
        "3 checks passed, 1 failed, 2 were not done.",
    ]


def test_what_is_printed_in_chinese() -> None:
    case, say = case_of("hours"), ZH
    printed = lines(verdict("regulators"), say)
    assert [printed[0], *printed[2:7], printed[-1]] == [
        f"{case.tender} 监管证据包（最新状态）：{len(case.lots)} 个标段，{len(case.leaves)} 条目。",
        "26. 每位评委都在公开之前签署了完整的评审表: 不通过",
        "      t-1: 证据包缺少必须有的内容：评委的评审表。 [verify.missing]",
        "      证据包缺少必须有的内容：。 [verify.missing]",
        "29. 每位评委都签署了评标报告: 公开证据包无法核验此项",
        "30. 评审表和评标报告有评委的签名: 公开证据包无法核验此项",
        "3 项通过，1 项不通过，2 项未做。",
    ]
    assert printed[1].endswith(": 通过")
    assert EN("FAILED") == "FAILED"
    assert sentence(fault("x", "So it is."), ZH) == "So it is. [verify.x]"


def test_nothing_is_said_of_a_case_that_could_not_be_read() -> None:
    printed = lines(Verdict(None, (Result(2, "A", (), NOT_REACHED),)), EN)
    assert printed == [" 2. A: was not reached", "0 checks passed, 0 failed, 1 were not done."]


def test_a_true_bundle(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(own, "--language", "en")) == 0
    head, *printed, last = capsys.readouterr().out.splitlines()
    assert head.startswith("Public bundle of ")
    assert len(printed) == len(CHECKS)
    assert " 0 failed" in last


def test_what_is_no_bundle(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "b.zip").write_bytes(b"")
    assert main(arguments(own, "--language", "en")) == 1
    assert capsys.readouterr().out.endswith(f"\n0 checks passed, 1 failed, {len(CHECKS) - 1} were not done.\n")
    assert main(arguments(own)) == 1
    assert capsys.readouterr().out.endswith(f"\n0 项通过，1 项不通过，{len(CHECKS) - 1} 项未做。\n")


def test_what_cannot_begin(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = ["--language", "en"]
    missing = arguments(own, *english)
    missing[0] = str(own / "nothing")
    assert main(missing) == 2
    assert capsys.readouterr() == ("", f"{own / 'nothing'} is not there.\n")
    (own / "log.key").write_bytes(b"\xff")
    assert main(arguments(own, *english)) == 2
    assert capsys.readouterr().err == f"{own / 'log.key'} is no text in UTF-8. [verify.not_text]\n"
    (own / "log.key").write_text("junk")
    assert main(arguments(own, *english)) == 2
    assert capsys.readouterr().err == "this is no key of a log; it is written name+hash+key\n"


def test_why_it_stopped_is_a_line_a_reason() -> None:
    def upper(text: str) -> str:
        return text.replace("is not there", "IS NOT THERE").replace("cannot be used", "CANNOT BE USED")

    for error, said in (
        (FileNotFoundError(2, "No such file", "a"), "a IS NOT THERE.\n"),
        (IsADirectoryError(21, "Is a directory", "a"), "a CANNOT BE USED: Is a directory.\n"),
        (Broken("what is not there"), "what IS NOT THERE\n"),
        (Refused(Reason("x.one", "One."), Reason("x.two", "%(a)s.", {"a": "Two"})), "One. [x.one]\nTwo. [x.two]\n"),
    ):
        assert stopped(error, upper) == said
