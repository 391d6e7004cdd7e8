"""The command line of the format: `python -m bidding.envelope` takes the options of the `age` tool.

Enters: options, files, standard input. Leaves: a sealed or opened file. Status 1 and one line on standard error for
whatever is refused; an output file then is not there, or is still what it was.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from bidding.envelope.age import Unwraps, Wraps, decrypt, encrypt
from bidding.envelope.header import Stanza
from bidding.envelope.identity import MAX_FILE, read_identities, read_recipients
from bidding.envelope.scrypt import Passphrase
from bidding.envelope.x25519 import parse_recipient
from ledger.errors import Refused


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bidding.envelope", description="Seal and open files in the age v1 format.")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("-e", "--encrypt", action="store_true", help="seal (the default)")
    way.add_argument("-d", "--decrypt", action="store_true", help="open")
    parser.add_argument("-r", "--recipient", action="append", default=[], help="seal to this public key")
    parser.add_argument("-R", "--recipients-file", action="append", default=[], help="seal to the public keys in FILE")
    parser.add_argument("-i", "--identity", action="append", default=[], help="use the private keys in FILE")
    parser.add_argument("-p", "--passphrase", action="store_true", help="seal under a passphrase, which is asked for")
    parser.add_argument("--passphrase-file", help="take the passphrase from FILE")
    parser.add_argument("-a", "--armor", action="store_true", help="write text lines")
    parser.add_argument("-o", "--output", help="write to FILE")
    parser.add_argument("input", nargs="?", help="read FILE")
    return parser


class _AskedPassphrase:
    """Asks for the passphrase when a file turns out to need one."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self.ask = ask

    def unwrap(self, stanza: Stanza) -> bytes | None:
        return Passphrase(self.ask()).unwrap(stanza) if stanza.kind == "scrypt" else None


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MAX_FILE + 1)
    with Path(name).open("rb") as source:
        return source.read(MAX_FILE + 1)


def _asking(options: argparse.Namespace) -> Callable[[], str]:
    if options.passphrase_file is None:
        return lambda: getpass.getpass("Passphrase: ")
    return lambda: _read(options.passphrase_file).decode().removesuffix("\n").removesuffix("\r")


def _new_passphrase(options: argparse.Namespace) -> str:
    text = _asking(options)()
    if options.passphrase_file is None and getpass.getpass("Again: ") != text:
        raise ValueError("the passphrases are not the same")
    if not text:
        raise ValueError("the passphrase is empty")
    return text


def _recipients(options: argparse.Namespace) -> list[Wraps]:
    keys: list[Wraps] = [parse_recipient(text) for text in options.recipient]
    keys += [key for name in options.recipients_file for key in read_recipients(_read(name))]
    keys += [key.recipient for name in options.identity for key in read_identities(_read(name), _asking(options))]
    if not keys and (options.passphrase or options.passphrase_file):
        keys.append(Passphrase(_new_passphrase(options)))
    elif options.passphrase:
        raise ValueError("a passphrase and keys cannot be combined")
    return keys


def _identities(options: argparse.Namespace) -> list[Unwraps]:
    ask = _asking(options)
    keys: list[Unwraps] = [key for name in options.identity for key in read_identities(_read(name), ask)]
    if not options.identity or options.passphrase_file:
        keys.append(_AskedPassphrase(ask))
    return keys


@contextlib.contextmanager
def _input(name: str | None) -> Iterator[io.BufferedReader]:
    if name in {None, "-"}:
        yield cast("io.BufferedReader", sys.stdin.buffer)
        return
    with Path(str(name)).open("rb") as source:
        yield source


@contextlib.contextmanager
def _output(name: str | None) -> Iterator[BinaryIO]:
    """Standard output; or a file that takes its name only when it is whole."""
    if name in {None, "-"}:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(str(name))
    if path.exists() and not path.is_file():
        with path.open("wb") as sink:
            yield sink
        return
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as sink:
            yield sink
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def _run(options: argparse.Namespace) -> None:
    if options.decrypt and (options.recipient or options.recipients_file or options.passphrase or options.armor):
        raise ValueError("-r, -R, -p and -a are for sealing")
    if options.decrypt:
        keys = _identities(options)
        with _input(options.input) as source, _output(options.output) as sink:
            decrypt(source, sink, keys)
        return
    recipients = _recipients(options)
    if not recipients:
        raise ValueError("name at least one of -r, -R, -i, -p")
    if not options.armor and options.output is None and sys.stdout.isatty():
        raise ValueError("a sealed file is not for a terminal: use -o FILE, -o - or -a")
    with _input(options.input) as source, _output(options.output) as sink:
        encrypt(source, sink, recipients, armored=options.armor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the options ask; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except (Refused, OSError, ValueError) as error:
        print(f"python -m bidding.envelope: {error}", file=sys.stderr)  # noqa: T201  the one line of a refusal
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
