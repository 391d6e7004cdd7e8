"""`manage.py catalogues`: merge and compile the translations; with --check, also demand Chinese for every sentence."""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config.catalogues import CatalogueError, compile_into, merge, used


class Command(BaseCommand):
    help = "Merge config/locale/parts/*.po and compile the catalogues."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a sentence in use has no Chinese")
        parser.add_argument("--unused", action="store_true", help="list sentences of the parts that nothing uses")

    def handle(self, *args: object, check: bool, unused: bool, **options: object) -> None:  # noqa: ARG002
        locale = settings.LOCALE_PATHS[0]
        try:
            sentences = merge((locale / "parts").glob("*.po"))
        except CatalogueError as faults:
            raise CommandError(str(faults)) from faults
        compile_into(locale, sentences)
        needed = used(settings.BASE_DIR / room for room in [*settings.ROOMS, "config"])
        if unused:
            self.stdout.write("\n".join(english for _, english in sentences.keys() - needed.keys()))
        missing = [f"{place}: {key[1]!r}" for key, place in needed.items() if key not in sentences]
        if check and missing:
            raise CommandError("sentences without Chinese:\n" + "\n".join(missing))
        self.stdout.write(f"{len(sentences)} sentences in Chinese and English")
