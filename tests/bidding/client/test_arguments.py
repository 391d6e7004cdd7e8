"""The words of the client: wrong ones are 2 and the usage, and no command offers what it does not do."""

from __future__ import annotations

import re

import pytest

from bidding.client.__main__ import COMMANDS, main
from bidding.client.arguments import parser

OFFER = ["x-1", "--files", "offer"]


@pytest.mark.parametrize(
    "words",
    [[], ["nothing"], ["check"], ["check", *OFFER, "--days", "many"], ["due", "--language", "fr"],
     ["seal", *OFFER, "--item", "no-value"], ["check", *OFFER, "--out", "bid.age"]],
)  # fmt: skip
def test_wrong_words_are_two_and_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for language, usage in (("zh-hans", "用法: "), ("en", "usage: ")):
        with pytest.raises(SystemExit) as caught:
            parser(language).parse_args(words)
        assert caught.value.code == 2
        assert capsys.readouterr().err.startswith(usage)


def test_only_what_seals_writes_a_sealed_file() -> None:
    for name in ("seal", "bid"):
        assert str(parser().parse_args([name, *OFFER, "--out", "bid.age"]).out) == "bid.age"
    assert not hasattr(parser().parse_args(["check", *OFFER]), "out")


def test_every_command_has_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    offered = capsys.readouterr().out
    assert [name for name in COMMANDS if f"    {name} " not in offered and f"    {name}\n" not in offered] == []


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said to somebody who asks for help."""
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    assert caught.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_the_language_that_was_asked_for(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [command] if command else []
    chinese, english = (helped(capsys, *words, *more, "--help") for more in ([], ["--language", "en"]))
    assert re.findall(r"[a-z]+ [a-z]+", chinese.partition("\n\n")[2]) == []
    assert chinese.startswith("用法: ")
    assert "\n选项:\n  -h, --help            显示本说明\n" in chinese
    assert english.isascii()
    assert helped(capsys, *words, "--language", "zh-hans", "--help") == chinese


def test_what_is_asked_for_is_the_language_of_the_answers() -> None:
    assert [parser("en").parse_args(["due"]).language, parser().parse_args(["due"]).language] == ["en", "zh-hans"]
