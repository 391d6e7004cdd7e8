"""The command line of the format: `python -m bidding.envelope` takes the options of the `age` tool.

Enters: options, files, standard input. Leaves: a sealed or opened file. Status 1 and one line on standard error for
whatever is refused; an output file then is not there, or is still what it was. Modules are imported where they are
needed: a start must not take longer than sealing a small file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bidding.envelope.whole_files import STANDARD, input_stream, output_stream, read_limited, same_file
from ledger.errors import Refused

if TYPE_CHECKING:
    from bidding.envelope.age import Unwraps, Wraps
    from bidding.envelope.header import Stanza

PROGRAM = "python -m bidding.envelope"
LONGEST_PASSPHRASE = 1 << 12


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, description="Seal and open files in the age v1 format.", allow_abbrev=False)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("-e", "--encrypt", action="store_true", help="seal (the default)")
    way.add_argument("-d", "--decrypt", action="store_true", help="open")
    parser.add_argument("-r", "--recipient", action="append", default=[], help="seal to this public key")
    parser.add_argument("-R", "--recipients-file", action="append", default=[], help="seal to the public keys in FILE")
    parser.add_argument(
        "-i", "--identity", action="append", default=[], help="open with the private keys in FILE; with -e seal to them"
    )
    parser.add_argument("-p", "--passphrase", action="store_true", help="seal under a passphrase, which is asked for")
    parser.add_argument("--passphrase-file", help="take the passphrase from FILE, for sealing or opening")
    parser.add_argument("-a", "--armor", action="store_true", help="write text lines")
    parser.add_argument("-o", "--output", help="write to FILE, - is standard output")
    parser.add_argument("input", nargs="?", default=STANDARD, help="read FILE")
    return parser


class _AskedPassphrase:
    """Asks for the passphrase when a file turns out to need one."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self.ask = ask

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key under the passphrase; None for stanzas of another kind."""
        if stanza.kind != "scrypt":
            return None
        from bidding.envelope.scrypt import Passphrase

        return Passphrase(self.ask()).unwrap(stanza)


def _read_keys(name: str) -> bytes:
    from bidding.envelope.identity import MAX_FILE

    return read_limited(name, MAX_FILE)


def _ask(prompt: str) -> str:
    """What is typed at the terminal, never at standard input: that may be the file."""
    import getpass

    try:
        with Path("/dev/tty").open("rb"):
            pass
        return getpass.getpass(prompt)
    except OSError as error:
        raise ValueError("there is no terminal to ask for the passphrase: use --passphrase-file FILE") from error
    except EOFError as error:
        raise ValueError("no passphrase was typed") from error


def _passphrase_in(name: str) -> str:
    """The text of a passphrase file without the end of its line."""
    data = read_limited(name, LONGEST_PASSPHRASE)
    try:
        text = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise ValueError("the passphrase is not UTF-8 text") from error
    if len(data) > LONGEST_PASSPHRASE or not text:
        raise ValueError("the passphrase is empty or too long")
    return text


def _asking(options: argparse.Namespace) -> Callable[[], str]:
    if options.passphrase_file is None:
        return lambda: _ask("Passphrase: ")
    return lambda: _passphrase_in(options.passphrase_file)


def _new_passphrase(options: argparse.Namespace) -> str:
    text = _asking(options)()
    if options.passphrase_file is None and _ask("Again: ") != text:
        raise ValueError("the passphrases are not the same")
    if not text:
        raise ValueError("the passphrase is empty or too long")
    return text


def _recipients(options: argparse.Namespace) -> list[Wraps]:
    from bidding.envelope.identity import read_identities, read_recipients
    from bidding.envelope.x25519 import parse_recipient

    keys: list[Wraps] = [parse_recipient(text) for text in options.recipient]
    keys += [key for name in options.recipients_file for key in read_recipients(_read_keys(name))]
    keys += [key.recipient for name in options.identity for key in read_identities(_read_keys(name), _asking(options))]
    if keys:
        return keys
    from bidding.envelope.scrypt import Passphrase

    return [Passphrase(_new_passphrase(options))]


def _identities(options: argparse.Namespace) -> list[Unwraps]:
    from bidding.envelope.identity import known_identities

    ask = _asking(options)
    keys: list[Unwraps] = [key for name in options.identity for key in known_identities(_read_keys(name), ask)]
    if not options.identity or options.passphrase_file:
        keys.append(_AskedPassphrase(ask))
    return keys


def _check(options: argparse.Namespace) -> None:
    """What options cannot say together."""
    keys = options.recipient or options.recipients_file
    files = [options.input, *options.recipients_file, *options.identity, options.passphrase_file]
    if files.count(STANDARD) > 1:
        raise ValueError("standard input can be only one of: the file, keys, the passphrase")
    if same_file(options.input, options.output or STANDARD):
        raise ValueError("input and output are the same file")
    if options.decrypt:
        if keys or options.passphrase or options.armor:
            raise ValueError("-r, -R, -p and -a are for sealing")
        return
    if options.identity and not options.encrypt:
        raise ValueError("-i is for opening, with -d; to seal to the keys of an identity file say -e")
    if not (keys or options.identity or options.passphrase or options.passphrase_file):
        raise ValueError("name at least one of -r, -R, -p (or -d to open)")
    if (options.passphrase and (keys or options.identity)) or (options.passphrase_file and keys):
        raise ValueError("a passphrase and keys cannot be combined")
    if not options.armor and options.output is None and sys.stdout is not None and sys.stdout.isatty():
        raise ValueError("a sealed file is not for a terminal: use -o FILE, -o - or -a")


def _run(options: argparse.Namespace) -> None:
    from bidding.envelope.age import decrypt, encrypt

    _check(options)
    with input_stream(options.input) as source:
        if options.decrypt:
            identities = _identities(options)
            with output_stream(options.output or STANDARD) as sink:
                decrypt(source, sink, identities)
            return
        recipients = _recipients(options)
        with output_stream(options.output or STANDARD) as sink:
            encrypt(source, sink, recipients, armored=options.armor)


def _said(error: BaseException) -> str:
    """One line of what can be shown, whatever stands in the message."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for the work that the passphrase asks for"
    return "".join(letter if letter.isprintable() else " " for letter in str(error))


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the options ask; the exit status."""
    try:
        _run(_parser().parse_args(arguments))
    except (Refused, OSError, ValueError, MemoryError) as error:
        print(f"{PROGRAM}: {_said(error)}", file=sys.stderr)  # noqa: T201  the one line of a refusal
        return 1
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted", file=sys.stderr)  # noqa: T201  the same
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
