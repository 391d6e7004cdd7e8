"""A parser of arguments that tells what it is about in the person's language; argparse knows English alone.

Enters: sentences in English, a language. Leaves: usage and help in that language. What is wrong with the arguments,
argparse says in its own words.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ledger.catalogue import say
from ledger.errors import _

USAGE = _("usage:")
ARGPARSE = (_("positional arguments"), _("options"), _("show this help message and exit"))  # as it says them itself


def language_in(arguments: Sequence[str], languages: Sequence[str]) -> str:
    """The one of `languages` that the arguments ask for, before they are known to be right; the first without one."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--language", default=languages[0], choices=languages)
    try:
        return str(early.parse_known_args(arguments)[0].language)
    except argparse.ArgumentError:
        return languages[0]  # the parser proper says what is wrong


class SpeakingParser(argparse.ArgumentParser):
    """A parser with a `language`."""

    def __init__(self, *, language: str, description: str | None = None, **facts: Any) -> None:
        self.language = language
        super().__init__(description=say(description, language) if description else None, **facts)

    def add_argument(self, *names: Any, help: str | None = None, **facts: Any) -> argparse.Action:  # noqa: A002
        """An argument, its help translated."""
        return super().add_argument(*names, help=say(help, self.language) if help else None, **facts)

    def add_argument_group(self, title: str | None = None, *rest: Any, **facts: Any) -> Any:
        """A group, its title translated."""
        return super().add_argument_group(say(title, self.language) if title else None, *rest, **facts)

    def format_usage(self) -> str:
        """The usage."""
        return super().format_usage().replace(USAGE, say(USAGE, self.language), 1)

    def format_help(self) -> str:
        """The whole help."""
        return super().format_help().replace(USAGE, say(USAGE, self.language), 1)


class Commands:
    """Where the commands of a parser are added."""

    def __init__(self, top: SpeakingParser) -> None:
        self._language = top.language
        self._made = top.add_subparsers(dest="command", required=True)

    def add(self, name: str, parents: Sequence[SpeakingParser], about: str) -> argparse.ArgumentParser:
        """A command with the options of its parents; what it is about is told in the list and above its own help."""
        told = say(about, self._language)
        return self._made.add_parser(name, parents=parents, help=told, description=about, language=self._language)
