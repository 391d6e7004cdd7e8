"""Checks a copy of the whole log: `python -m supervision.verifier.mirror FOLDER --log-key FILE [--checkpoint FILE]`.

Enters: a folder with what the site serves under /log/ (`checkpoint`, `tile/entries/...`), and the verifier's own copy
of the log's key, with checkpoints that the verifier kept from before. Leaves: the faults, a sentence each; exit status
0 when there are none, 1 when there are, 2 when it could not begin.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from ledger import catalogue, note, tiles
from ledger.errors import Broken, SunlightError, _, refused
from ledger.speaking import SpeakingParser, language_in
from supervision.verifier.__main__ import FILE, LANGUAGES, SEVERAL, parser_in, sentence, stopped, text_in
from supervision.verifier.trust import LogKey, read_log_key
from supervision.verifier.whole_log import check_log

DEMO = "supervision.verifier.demo_events"


def leaves_in(folder: Path, size: int) -> Iterator[bytes]:
    """The leaves of the first `size` entries; `Refused` when a bundle does not hold what belongs in it."""
    for number in range((size + tiles.WIDTH - 1) // tiles.WIDTH):
        width = min(tiles.WIDTH, size - number * tiles.WIDTH)
        found = tiles.unbundle((folder / tiles.tile_path("entries", number, width)).read_bytes())
        if len(found) != width:
            facts = {"number": str(number), "held": str(len(found)), "width": str(width)}
            refused("verify.bundle_width", _("Bundle %(number)s holds %(held)s entries, not %(width)s."), **facts)
        yield from found


def kept_before(signed: bytes, key: LogKey) -> note.Checkpoint:
    """A checkpoint from before; `Broken` unless the log's key signed it under its name."""
    found = note.read(signed, key.public)
    if found.origin != key.name:
        raise Broken(_("a checkpoint of another log"))
    return found


def _parser(language: str) -> SpeakingParser:
    parser = parser_in(language, "supervision.verifier.mirror", _("Check a copy of the whole log."))
    parser.add_argument("folder", **FILE, help=_("what the site serves under /log/: checkpoint and tiles"))
    parser.add_argument("--checkpoint", **SEVERAL, help=_("a checkpoint you kept from before; may be repeated"))
    parser.add_argument("--demo", action="store_true", help=_("the log of a demo, whose clock is moved by hand"))
    return parser


def main(arguments: list[str]) -> int:
    """Check the folder named; the exit status."""
    given = _parser(language_in(arguments, LANGUAGES)).parse_args(arguments)
    if given.demo:
        import_module(DEMO)  # its kinds of entries are faults in any other log
    say, count = partial(catalogue.say, language=given.language), 0
    try:
        key = read_log_key(text_in(given.log_key))
        kept = [kept_before(path.read_bytes(), key) for path in given.checkpoint]
        signed = (given.folder / "checkpoint").read_bytes()
        size = note.read(signed, key.public).size
        for fault in check_log(signed, leaves_in(given.folder, size), key, kept):
            sys.stdout.write(f"{sentence(fault, say)}\n")
            count += 1
    except (OSError, SunlightError) as error:
        sys.stderr.write(stopped(error, say))
        return 2
    sys.stdout.write(say(_("%(size)s entries, %(count)s faults")) % {"size": size, "count": count} + "\n")
    return 1 if count else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
