"""Translations: merged from parts, compiled by Babel, complete."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from django.conf import settings

from config.catalogues import CatalogueError, Sentence, compile_into, merge, used

HOUR = 'msgid "Sealed until %(hour)s"\nmsgstr "%(hour)s前密封"\n'
BIDS = 'msgid "%(n)s bid"\nmsgid_plural "%(n)s bids"\nmsgstr[0] "%(n)s份投标"\n'
MAY = 'msgctxt "month"\nmsgid "May"\nmsgstr "五月"\n'


def part(folder: Path, name: str, *messages: str) -> Path:
    path = folder / f"{name}.po"
    path.write_text("\n".join(messages), encoding="utf-8")
    return path


def test_parts_are_merged_and_compiled(tmp_path: Path) -> None:
    parts = [part(tmp_path, "bidding", HOUR, BIDS), part(tmp_path, "trading", HOUR, MAY)]

    sentences = merge(parts)
    written = compile_into(tmp_path / "locale", sentences)

    assert list(sentences.values()) == [
        Sentence("", "Sealed until %(hour)s", "", "%(hour)s前密封"),
        Sentence("", "%(n)s bid", "%(n)s bids", "%(n)s份投标"),
        Sentence("month", "May", "", "五月"),
    ]
    with written[0].open("rb") as compiled:
        chinese = gettext.GNUTranslations(compiled)
    with written[1].open("rb") as compiled:
        english = gettext.GNUTranslations(compiled)
    assert chinese.gettext("Sealed until %(hour)s") == "%(hour)s前密封"
    assert [chinese.ngettext("%(n)s bid", "%(n)s bids", n) for n in (1, 2)] == ["%(n)s份投标"] * 2
    assert [english.ngettext("%(n)s bid", "%(n)s bids", n) for n in (1, 2)] == ["%(n)s bid", "%(n)s bids"]
    assert (chinese.pgettext("month", "May"), chinese.gettext("May")) == ("五月", "May")
    assert compile_into(tmp_path / "locale", sentences) == []


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        (
            ['msgid "Sealed until %(hour)s"\nmsgstr "%(hour)s前封存"\n'],
            "'%(hour)s前封存' here and '%(hour)s前密封' in a.po",
        ),
        (['msgid "Late by %(ms)s"\nmsgstr "迟到"\n'], "have different places to fill"),
        (['msgid "Late"\nmsgstr ""\n'], "'Late' has no Chinese, or one marked fuzzy"),
        (['#, fuzzy\nmsgid "Late"\nmsgstr "迟到"\n'], "'Late' has no Chinese, or one marked fuzzy"),
        (['msgid "Late\nmsgstr "迟到"\n'], "b.po: line 1 is no line of a catalogue"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_file(tmp_path: Path, messages: list[str], fault: str) -> None:
    parts = [part(tmp_path, "a", HOUR), part(tmp_path, "b", *messages)]

    with pytest.raises(CatalogueError) as refusal:
        merge(parts)

    assert fault in str(refusal.value)
    assert str(refusal.value).startswith("b.po: ")


def test_sentences_are_found_in_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "templates" / "room").mkdir(parents=True)
    (tmp_path / "acts.py").write_text(
        'late = Reason("bidding.late", _("Too late"))\n'
        'refused("bidding.size", "Too large: %(size)s", size=_("nothing"))\n'
        'label = pgettext_lazy("month", "May")\n'
        'ngettext("%(n)s bid", "%(n)s bids", n)\n'
        "gettext(name)\n"
    )
    (tmp_path / "templates" / "room" / "page.html").write_text(
        "{% load i18n %}\n  <p title=\"{% translate 'Open' %}\">it's {{ x|default:_('nobody') }}</p>\n"
        "    {% blocktranslate trimmed with a=b count n=n %}\n  One {{ a }}\n{% plural %}\n Many {{ a }}\n"
        "{% endblocktranslate %}\n  {# translate 'not this' #}\n {% translate 'May' context 'month' %}\n"
    )

    found = used([tmp_path])

    assert sorted(found) == [
        ("", "%(n)s bid"),
        ("", "One %(a)s"),
        ("", "Open"),
        ("", "Too large: %(size)s"),
        ("", "Too late"),
        ("", "nobody"),
        ("", "nothing"),
        ("month", "May"),
    ]
    assert found["", "Too late"] == f"{tmp_path}/acts.py:1"


def test_every_sentence_of_the_house_has_its_chinese() -> None:
    chinese = merge((settings.BASE_DIR / "config" / "locale" / "parts").glob("*.po"))

    needed = used(settings.BASE_DIR / room for room in [*settings.ROOMS, "config"])

    assert {key: place for key, place in needed.items() if key not in chinese} == {}
