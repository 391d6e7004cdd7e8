"""The verifier and the page's, written apart, are told every lie there is: both must find the same checks at fault.

Left out are lies that the page cannot be told: about what the reader trusts besides the key of the log, and those that
no archive can hold.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path

from ledger import note
from ledger.bundle import unpack
from ledger.errors import Broken
from supervision.verifier.case import read_case
from supervision.verifier.check import run as result_of
from supervision.verifier.verifying import CHECKS
from tests.cores import on_all_cores
from tests.parts import say
from tests.supervision.forger import KEY
from tests.supervision.verifier.findings import all_lies, forged
from tests.supervision.verifier.saved import saved
from tests.supervision.verifier.second import FIRST_LEFT, packed, told_by_page

AT_ONCE = 50  # bundles for one run of node
Numbers = list[int]


@dataclass(frozen=True)
class Told:
    """A lie as both can be told: the tender it is about, its archive, the checks that the program finds at fault."""

    about: str
    name: str
    data: bytes
    program: Numbers


def told(name: str) -> Told | None:
    """The lie of this name; None if the page cannot be told it."""
    made, (about, _lie) = forged(name), all_lies()[name]
    if made is None:
        return None
    (case, believed), truth = made, saved(about).trust
    if replace(believed, log=truth.log) != truth or believed.log.name != truth.log.name:
        return None
    try:
        data = packed(case)
        if read_case(unpack(data)) != case:
            return None
    except (Broken, ValueError):
        return None
    failed = [check.number for check in CHECKS if check.number < FIRST_LEFT and result_of(check, case, believed).faults]
    return Told(about, name, data, failed)


def differences(lies: list[Told]) -> Iterator[str]:
    """What the page finds otherwise than the program."""
    for about, ones in groupby(lies, lambda one: one.about):
        programs = {one.name: one for one in ones}
        key = note.verifier_key(saved(about).trust.log.name, note.raw_public(KEY.public_key()))
        with tempfile.TemporaryDirectory() as folder:
            bundles = {name: one.data for name, one in programs.items()}
            page = told_by_page(Path(folder), key, saved(about).roots, bundles)
        for name, said in page.items():
            found = sorted(number for number in said.faults if number < FIRST_LEFT)
            if found != programs[name].program:
                yield f"{name}: the program finds {programs[name].program}, the page {found}"


def share(number: int, count: int) -> tuple[int, int, list[str]]:
    """Of one share of the lies: how many were told, how many left out, and the differences."""
    names = islice(sorted(all_lies()), number, None, count)
    made, found, out = 0, list[str](), 0
    while some := list(islice(names, AT_ONCE)):
        lies = [one for one in map(told, some) if one is not None]
        made, out = made + len(lies), out + len(some) - len(lies)
        found += differences(lies)
    return made, out, found


def run() -> None:
    """Say how many lies both were told; a difference fails."""
    shares = on_all_cores(share)
    told_, out = sum(one[0] for one in shares), sum(one[1] for one in shares)
    found = [line for one in shares for line in one[2]]
    for line in found:
        say(line)
    say(f"{told_:,} lies told to both, {out} left out; {len(found)} differences")
    if found:
        raise SystemExit(1)
