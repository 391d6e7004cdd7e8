"""The catalogues that travel with the code: read as they are written, English where they are not."""

from __future__ import annotations

from pathlib import Path

from ledger.catalogue import chinese, pairs, say


def test_parts_are_read_as_they_are_written() -> None:
    head, empty = 'msgid ""\nmsgstr "head"\n\n', 'msgid "no"\nmsgstr ""\n'
    text = head + '# why\nmsgid "one "\n"line %(x)s"\nmsgstr "一"\n"行\\n%(x)s"\n\n' + empty
    assert list(pairs(text)) == [("one line %(x)s", "一行\n%(x)s")]
    assert list(pairs('msgctxt "c"\nmsgid "x"\nmsgstr "y"\n\nmsgid "p"\nmsgid_plural "ps"\nmsgstr[0] "z"\n')) == []


def test_a_sentence_is_said_in_the_language_that_is_asked_for() -> None:
    assert [say("FAILED", language) for language in ("zh", "zh-hans", "en")] == ["不通过", "不通过", "FAILED"]
    assert say("Nobody wrote this.", "zh") == "Nobody wrote this."


def test_a_machine_without_catalogues_reads_english(tmp_path: Path) -> None:
    assert chinese(tmp_path) == {}
