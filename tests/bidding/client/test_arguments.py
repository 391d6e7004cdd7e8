"""The words of the client: wrong ones are 2 and the usage, and no command offers what it does not do."""

from __future__ import annotations

import pytest

from bidding.client.__main__ import COMMANDS
from bidding.client.arguments import parser

OFFER = ["x-1", "--files", "offer"]


@pytest.mark.parametrize(
    "words",
    [[], ["nothing"], ["check"], ["check", *OFFER, "--days", "many"], ["due", "--language", "fr"],
     ["seal", *OFFER, "--item", "no-value"], ["check", *OFFER, "--out", "bid.age"]],
)  # fmt: skip
def test_wrong_words_are_two_and_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(words)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_only_what_seals_writes_a_sealed_file() -> None:
    for name in ("seal", "bid"):
        assert str(parser().parse_args([name, *OFFER, "--out", "bid.age"]).out) == "bid.age"
    assert not hasattr(parser().parse_args(["check", *OFFER]), "out")


def test_every_command_has_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    offered = capsys.readouterr().out
    assert [name for name in COMMANDS if f"    {name} " not in offered and f"    {name}\n" not in offered] == []
