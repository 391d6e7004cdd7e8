"""Checks a tender's evidence: `python -m supervision.verifier BUNDLE --log-key FILE --roots FILE [--holidays FILE]`.

Enters: a bundle, and the verifier's own copies of the log's key (`name+hash+key`, as the site's "how to check us" page
shows it and others have kept it) and of the certificate roots (PEM); if they are to be asked about, of a witness
policy, of the roots of timestamp authorities, and receipts of the verifier's own. They are never taken from the bundle.
Leaves: the numbered list of checks; exit status 0 when none failed, 1 when one did, 2 when it could not begin.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cryptography import x509

from ledger import catalogue
from ledger.errors import Reason, Refused, SunlightError, _, refused
from ledger.speaking import SpeakingParser, language_in
from ledger.witness.policy import parse_policy
from supervision.verifier.case import ARCHIVE, AWARD, DEADLINE, LATEST, OPENING, Case
from supervision.verifier.check import Result
from supervision.verifier.trust import Trust, read_log_key
from supervision.verifier.verifying import Verdict, verify
from trading.almanac import shipped
from trading.holidays import HolidayTable, joined, read_year
from trading.procedures.known import known

YEAR = re.compile(r"([0-9]{4})-")
LANGUAGES = ("zh", "en")
FILE: Mapping[str, Any] = {"type": Path}
SEVERAL: Mapping[str, Any] = {"type": Path, "action": "append", "default": []}  # argparse adds to a copy
Say = Callable[[str], str]
NAMES = {
    DEADLINE: _("at the deadline"),
    OPENING: _("after the opening"),
    AWARD: _("after the award"),
    ARCHIVE: _("at the end"),
    LATEST: _("newest state"),
}


def parser_in(language: str, name: str, description: str) -> SpeakingParser:
    """The parser of the command `name`, with what all commands of the verifier ask for."""
    parser = SpeakingParser(prog=f"python -m {name}", description=description, language=language)
    parser.add_argument("--log-key", **FILE, required=True, help=_("file with the log's key: name+hash+key"))
    parser.add_argument("--language", choices=LANGUAGES, default=language, help=_("of what is said"))
    return parser


def _parser(language: str) -> SpeakingParser:
    told = _("Check a tender's evidence. The log's key and the roots are your own copies, never the bundle's.")
    parser = parser_in(language, "supervision.verifier", told)
    parser.add_argument("bundle", **FILE, help=_("the bundle (ZIP)"))
    parser.add_argument("--roots", **FILE, required=True, help=_("PEM file of the certificate authorities you trust"))
    parser.add_argument("--witness-policy", **FILE, help=_("your own policy: whose cosignatures count (tlog-policy)"))
    parser.add_argument("--timestamp-roots", **FILE, help=_("PEM file of the timestamp authorities you trust"))
    parser.add_argument("--receipt", **SEVERAL, help=_("a receipt of your own (JSON); may be repeated"))
    parser.add_argument("--holidays", **SEVERAL, help=_("your own holidays of a year (CSV); may be repeated"))
    return parser


def text_in(path: Path) -> str:
    """The text of a file, in UTF-8 whatever the machine is used to. `Refused` `verify.not_text` for anything else."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        refused("verify.not_text", _("%(file)s is no text in UTF-8."), file=str(path))


def _holidays(paths: Sequence[Path]) -> HolidayTable:
    """The shipped tables, and the verifier's own in their place."""
    tables = [shipped()]
    for path in paths:
        lines = text_in(path).splitlines()
        year = YEAR.match(lines[1]) if len(lines) > 1 else None
        if year is None:
            refused("verify.holidays", _("%(file)s is no holiday table."), file=str(path))
        tables.append(read_year(int(year[1]), lines))
    return joined(*tables)


def _certificates(path: Path) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except ValueError:
        refused("verify.roots", _("%(file)s holds no certificates in PEM."), file=str(path))


def trust_of(given: argparse.Namespace) -> Trust:
    """What the verifier's own files say. `Broken` or `Refused` when one of them is not what it should be."""
    key = read_log_key(text_in(given.log_key))
    policy = parse_policy(text_in(given.witness_policy)) if given.witness_policy else None
    if policy and policy.logs.get(key.name) != key.public:
        refused("verify.policy", _("%(file)s is no witness policy for this log."), file=str(given.witness_policy))
    stamps = _certificates(given.timestamp_roots) if given.timestamp_roots else None
    receipts = tuple(text_in(path) for path in given.receipt)
    return Trust(key, _certificates(given.roots), known(), _holidays(given.holidays), policy, stamps, receipts)


def sentence(reason: Reason, say: Say) -> str:
    """A finding in words, with its lot and its code."""
    facts = {name: say(value) for name, value in reason.facts.items()}
    lot = f"{reason.facts['lot']}: " if "lot" in reason.facts else ""
    return f"{lot}{say(reason.text) % facts} [{reason.code}]"


def stopped(error: OSError | SunlightError, say: Say) -> str:
    """Why it could not begin, in words, ended by a line feed."""
    if isinstance(error, Refused):
        return "".join(f"{sentence(reason, say)}\n" for reason in error.reasons)
    if isinstance(error, FileNotFoundError):
        return f"{say(_('%(name)s is not there.')) % {'name': error.filename}}\n"
    if isinstance(error, OSError):
        facts = {"name": error.filename, "why": error.strerror}
        return f"{say(_('%(name)s cannot be used: %(why)s.')) % facts}\n"
    return f"{say(str(error))}\n"


def _line(result: Result, say: Say) -> str:
    how = say(_("FAILED")) if result.faults else say(result.undone or _("ok"))
    return f"{result.number:>2}. {say(result.title)}: {how}"


def lines(verdict: Verdict, say: Say) -> list[str]:
    """What is printed: what the bundle is about, the numbered list, the findings below their check."""
    written = [_head(verdict.case, say)] if verdict.case else []
    for result in verdict.results:
        written.append(_line(result, say))
        written += [f"      {sentence(fault, say)}" for fault in result.faults]
    done = [result for result in verdict.results if result.is_ok]
    undone = [result for result in verdict.results if result.undone]
    figures = {"ok": len(done), "failed": len(verdict.failed), "undone": len(undone)}
    written.append(say(_("%(ok)s checks passed, %(failed)s failed, %(undone)s were not done.")) % figures)
    return written


def _head(case: Case, say: Say) -> str:
    facts = {
        "tender": case.tender, "lots": len(case.lots), "entries": len(case.leaves), "moment": say(NAMES[case.moment]),
    }  # fmt: skip
    text = _("Public bundle of %(tender)s (%(moment)s): %(lots)s lots, %(entries)s entries.")
    if not case.is_public:
        text = _("Regulator's bundle of %(tender)s (%(moment)s): %(lots)s lots, %(entries)s entries.")
    return say(text) % facts


def main(arguments: list[str]) -> int:
    """Verify the bundle named; the exit status."""
    given = _parser(language_in(arguments, LANGUAGES)).parse_args(arguments)
    say = partial(catalogue.say, language=given.language)
    try:
        trust = trust_of(given)
        data = given.bundle.read_bytes()
    except (OSError, SunlightError) as error:
        sys.stderr.write(stopped(error, say))
        return 2
    verdict = verify(data, trust)
    sys.stdout.writelines(f"{line}\n" for line in lines(verdict, say))
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
