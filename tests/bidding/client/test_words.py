"""What the client says: Chinese from the parts of the catalogues, English without them; spans, paces, plain lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bidding.client.pace import Pace, Pacer
from bidding.client.showing import FinishLine, bar, in_words
from bidding.client.words import reasons
from bidding.preflight.sentences import SENTENCES
from ledger.catalogue import chinese, say
from ledger.errors import Reason, Refused


def test_reasons_are_said_in_the_persons_language() -> None:
    refusal = Refused(Reason("bidding.days", "State the duration in whole days."), Reason("x.y", "nobody knows %%"))
    assert reasons(refusal, "en") == ["bidding.days: State the duration in whole days.", "x.y: nobody knows %%"]
    assert reasons(refusal, "zh-hans")[0] == f"bidding.days: {chinese()['State the duration in whole days.']}"
    assert reasons(OSError("disk"), "zh-hans") == ["disk"]


def test_every_finding_says_the_same_in_the_page_and_on_the_terminal() -> None:
    said = {code: (one.english, one.chinese) for code, one in SENTENCES.items()}
    assert {code: (english, chinese().get(english)) for code, (english, _chinese) in said.items()} == said


def test_spans_are_said_like_a_person_says_them() -> None:
    assert [in_words(seconds, "en") for seconds in (-3, 41, 119.6, 41 * 60, 3 * 3600)] == [
        "0 seconds", "41 seconds", "2 minutes", "41 minutes", "3 hours",
    ]  # fmt: skip
    assert in_words(41, "zh-hans") == "41 秒"


def test_the_finish_line_follows_the_last_ten_seconds() -> None:
    pacer = Pacer(10_000)
    assert pacer.pace() is None
    pacer.mark(0, 0)
    pacer.mark(0.1, 50)
    assert pacer.pace() is None
    pacer.mark(1, 1000)
    assert pacer.pace() == Pace(1000, 9)
    pacer.mark(20, 4000)
    pacer.mark(21, 6000)
    assert pacer.pace() == Pace(2000, 2)
    pacer.mark(22, 100)
    assert pacer.pace() is None


def test_the_finish_line_says_early_or_late(monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    line = FinishLine(start + timedelta(minutes=42), lambda: start, "en")
    assert line.sentence(0, 100) == ""
    line.pacer.marks.appendleft((line.pacer.marks[0][0] - 1, -50))
    assert line.sentence(0, 100).startswith("You will finish 4")
    late = FinishLine(start - timedelta(minutes=5), lambda: start, "en")
    late.sentence(0, 100)
    late.pacer.marks.appendleft((late.pacer.marks[0][0] - 1, -50))
    assert late.sentence(0, 100).startswith("You will be 5 minutes late")
    assert FinishLine.for_desk({"deadline": None}, lambda: start, "en") is None


def test_where_there_is_no_terminal_plain_lines_tell_every_five_percent(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("sending", "en") as tell:
        for done in range(101):
            tell(done << 20, 100 << 20)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "sending 0 %  0.0 / 100.0 MiB"
    assert lines[1] == "sending 5 %  5.0 / 100.0 MiB"
    assert lines[-1] == "sending 100 %  100.0 / 100.0 MiB"
    assert len(lines) == 21
    with bar("sending", "zh-hans") as tell:
        tell(0, 0)
    assert capsys.readouterr().err.startswith(say("sending", "zh-hans") + " 100 %")
