"""`python -m ledger.witness`: stand witness to a log, without Django and without trusting it.

Enters: a name, a folder for key and memory, the keys of logs. Leaves: an HTTP desk for `add-checkpoint`, or, with
`--follow`, cosignatures handed in; either way one line about what happened. Status 1 when it cannot work.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ledger.errors import Broken
from ledger.note import raw_public
from ledger.witness.clerk import Clerk
from ledger.witness.cosignature import Witness, is_name
from ledger.witness.following import follow_once
from ledger.witness.judging import RefusedToCosign
from ledger.witness.keeping import Keeper
from ledger.witness.policy import parse_log_key
from ledger.witness.serving import Desk

LAST_PORT = 65_535
PAUSE = 5.0  # seconds between two looks at a log that is followed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ledger.witness", description="Stand witness to a log.")
    parser.add_argument("--name", required=True, help="the witness's name, as an address without scheme")
    parser.add_argument("--state", required=True, type=Path, help="folder for its key and for what it cosigned")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="a log's name+hash+key")
    parser.add_argument("--listen", metavar="HOST:PORT", help="answer add-checkpoint here")
    parser.add_argument("--follow", metavar="URL", help="fetch from this log and hand cosignatures in")
    parser.add_argument("--once", action="store_true", help="with --follow: look once and stop")
    return parser


def own_key(folder: Path) -> Ed25519PrivateKey:
    """The witness's key, made once into `folder` (0600)."""
    path = folder / "key"
    try:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except FileNotFoundError:
        made = Ed25519PrivateKey.generate()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(made.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        return made
    except ValueError as error:
        raise Broken(f"{path} holds no key") from error


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  the command's answer


def _clerk(options: argparse.Namespace) -> Clerk:
    if not is_name(options.name):
        raise Broken("a witness's name has neither spaces nor plus signs")
    keeper = Keeper(options.state)
    key = own_key(options.state)
    _say(f"witness {options.name} {Witness(options.name, raw_public(key.public_key())).verifier_key}")
    return Clerk(options.name, key, dict(parse_log_key(text) for text in options.log), keeper)


def _serve(listen: str, clerk: Clerk) -> None:
    host, _colon, port = listen.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) <= LAST_PORT):
        raise Broken("listen on HOST:PORT")
    with Desk((host, int(port)), clerk) as desk:
        _say(f"listening on {desk.server_address[0]!s}:{desk.server_address[1]}")
        desk.serve_forever()


def _follow(address: str, clerk: Clerk, *, once: bool) -> None:
    while True:
        try:
            line = follow_once(address, clerk)
            _say(line.rstrip("\n") if line else "nothing new")
        except (RefusedToCosign, Broken) as error:
            if once:
                raise
            _say(f"not cosigned: {str(error).strip()}")
        if once:
            return
        time.sleep(PAUSE)


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 when it ended by itself or was interrupted, 1 with one line on standard error when it cannot work."""
    options = _parser().parse_args(arguments)
    if bool(options.listen) == bool(options.follow):
        print("say either --listen or --follow", file=sys.stderr)  # noqa: T201
        return 1
    try:
        clerk = _clerk(options)
        if options.listen:
            _serve(options.listen, clerk)
        else:
            _follow(options.follow, clerk, once=options.once)
    except KeyboardInterrupt:
        return 0
    except (Broken, RefusedToCosign, OSError) as error:
        print(str(error).strip(), file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
