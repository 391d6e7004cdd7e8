"""What every check says of every lie, in golden files: tests/vectors/findings/<number>.json.

A file says for each sentence which lies make the check say it, "true" being the true bundles; of a lie that is in none
of them the check says what it says of the truth. Every sentence is "lot code: text".
`python -m tests.supervision.verifier.findings` writes all files anew (minutes), with numbers behind it only those,
after `told` only what told/ tells: look at what changed before it is kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from ledger.canon import Malformed
from supervision.verifier.case import Case
from supervision.verifier.check import Check, run
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS
from tests.supervision.forger import Forger, Lie
from tests.supervision.verifier.lies import kinds, lies
from tests.supervision.verifier.saved import NAMES, case_of, saved
from tests.supervision.verifier.told import TOLD

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "findings"
CHANGED = os.environ.get("SUNLIGHT_MUTANTS") == "code"  # tests/deep/mutation.py
NOTHING, TRUE = "nothing", "true "
Sentences = tuple[str, ...]


@cache
def every_lie() -> Mapping[str, tuple[str, Lie]]:
    """The lies that are told to every check, by name, with the tender that they are about.

    Of the other tenders only what happened in no tender before.
    """
    found: dict[str, tuple[str, Lie]] = {}
    known: set[str] = set()
    for name in NAMES:
        case = case_of(name)
        for what, lie in lies(case).items():
            if not known or any(what.startswith(kind) for kind in kinds(case) - known):
                found[f"{name}/{what}"] = (name, lie)
        known |= kinds(case)
    return found


@cache
def _base(about: str, kind: str = "regulators") -> Case:
    return case_of(about, kind)


def forged(name: str) -> tuple[Case, Trust] | None:
    """The case of a lie, and the trust of who believes the liar; None for what cannot even be written."""
    about, lie = all_lies()[name]
    forger = Forger(_base(about), saved(about).trust)
    try:
        lie(forger)
        return forger.forged()
    except Malformed:
        return None


lied = cache(forged) if CHANGED else forged  # there they are told again and again, for every change


@cache
def told_to(number: int) -> Collection[str]:
    """The names of the lies told to a check."""
    return dict.fromkeys((*every_lie(), *(f"{about}/{what}" for about, what, _lie in TOLD.get(number, ()))))


@cache
def all_lies() -> Mapping[str, tuple[str, Lie]]:
    """Those, and the lies by hand that are told to one check: by name, with the tender that they are about."""
    by_hand = {f"{about}/{what}": (about, lie) for ones in TOLD.values() for about, what, lie in ones}
    return {**every_lie(), **by_hand}


def sentences(check: Check, case: Case, trust: Trust) -> Sentences:
    """What a check says of a case, in order of the words."""
    result = run(check, case, trust)
    found = [f"{one.facts.get('lot', '')} {one}".strip() for one in result.faults]
    return tuple(sorted([*found, *([f"undone: {result.undone}"] if result.undone else [])]))


def anew(case: Case, trust: Trust) -> tuple[Case, Trust]:
    """Both without what was worked out about them, where the code that did it may have been changed since."""
    if not CHANGED:
        return case, trust
    return replace(case, _worked_out={}), replace(trust, _known={}, _ends={}, _named={})


def true_case(about: str, kind: str = "regulators") -> Case:
    """A true case, read again where the code that reads may have been changed since."""
    return case_of(about, kind) if CHANGED else _base(about, kind)


def of_the_true(check: Check) -> Iterator[tuple[str, Sentences]]:
    """What a check says of every true bundle."""
    for name in NAMES:
        held = saved(name)
        for kind in ("regulators", "public", "early"):
            if getattr(held, kind):
                yield f"{TRUE}{name} {kind}", sentences(check, *anew(true_case(name, kind), held.trust))
        if held.receipts:
            yield (
                f"{TRUE}{name} receipts",
                sentences(check, *anew(true_case(name), replace(held.trust, receipts=held.receipts))),
            )


def of_the_lie(check: Check, name: str) -> Sentences | None:
    """What a check says of a lie; None of one that cannot be written."""
    found = lied(name)
    return sentences(check, *anew(*found)) if found else None


def of_the_truth(check: Check) -> Mapping[str, Sentences]:
    """What a check says of the regulator's bundle of every tender, which is what lies are told about."""
    return {about: sentences(check, *anew(true_case(about), saved(about).trust)) for about in NAMES}


def golden(number: int) -> dict[str, Sentences]:
    """What the golden file says, by the name of the bundle or lie."""
    path, found = FOLDER / f"{number:02}.json", dict[str, list[str]]()
    for sentence, names in (json.loads(path.read_text("utf-8")) if path.exists() else {}).items():
        for name in names:
            found.setdefault(name, []).append(sentence)
    return {name: tuple(sorted(one for one in ones if one != NOTHING)) for name, ones in found.items()}


def write(numbers: Collection[int], *, only_told: bool) -> None:
    """Write the golden files of these checks anew."""
    said: dict[int, dict[str, Sentences]] = {}
    for number in numbers:
        old = golden(number) if only_told else {}
        kept = {name: ones for name, ones in old.items() if name in every_lie()}
        said[number] = {**dict(of_the_true(CHECKS[number - 1])), **kept}
    for name in all_lies():
        asked = [number for number in numbers if name in told_to(number) and (name not in every_lie() or not only_told)]
        found = forged(name) if asked else None
        for number in asked if found else ():
            said[number][name] = sentences(CHECKS[number - 1], *(found or ()))
    for number, by_name in said.items():
        _keep(CHECKS[number - 1], by_name)


def _keep(check: Check, said: Mapping[str, Sentences]) -> None:
    truth, turned = of_the_truth(check), dict[str, list[str]]()
    place = {name: at for at, name in enumerate(told_to(check.number), start=1)}
    for name, ones in sorted(said.items(), key=lambda pair: place.get(pair[0], 0)):
        if name.startswith(TRUE) or ones != truth[name.partition("/")[0]]:
            for one in ones or (NOTHING,):
                turned.setdefault(one, []).append(name)
    text = json.dumps(dict(sorted(turned.items())), indent=1, ensure_ascii=False)
    (FOLDER / f"{check.number:02}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    named = [int(number) for number in sys.argv[1:] if number != "told"]
    write(named or [check.number for check in CHECKS], only_told="told" in sys.argv)
