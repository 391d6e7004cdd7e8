"""A parser that tells what it is about in the person's language."""

from __future__ import annotations

from ledger.speaking import language_in

LANGUAGES = ("zh", "en")


def test_the_language_is_found_before_the_rest_is_right() -> None:
    asked = [[], ["due"], ["due", "--language", "en"], ["--language", "en"], ["nothing", "--language", "en", "--odd"]]
    assert [language_in(words, LANGUAGES) for words in asked] == ["zh", "zh", "en", "en", "en"]
    assert [language_in(["due", "--language", *rest], LANGUAGES) for rest in (["fr"], [])] == ["zh", "zh"]
