"""Bundles of whole tenders that lie in tests/vectors/bundles: what a verifier says of them is the same every day.

Enters: the name of a tender: `whole` (conftest.py), `lost` and `own` (test_custody.py), `hours` (test_hours.py).
Leaves: its bundles with what a verifier holds of its own. `python -m tests.supervision.verifier.saved` makes the
tenders and the files anew, when what happens in a tender has changed; then the findings (findings.py) are others too.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

from cryptography import x509

from ledger.bundle import unpack
from supervision.verifier.case import Case, read_case
from supervision.verifier.trust import Trust, read_log_key
from tests.supervision.bundles import Bundles
from trading.almanac import shipped
from trading.procedures.known import known

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "bundles"
NAMES = ("whole", "lost", "own", "hours")
MAKERS = ("test_custody.py", "test_hours.py", "test_receipts.py")
SAVING = "save"


def save(name: str, made: Bundles) -> Bundles:
    """The bundles; under SUNLIGHT_MUTANTS=save they are written down too."""
    if os.environ.get("SUNLIGHT_MUTANTS") == SAVING:
        parts = {
            "public.zip": made.public, "regulators.zip": made.regulators, "early.zip": made.early,
            "log.key": made.log_key.encode(), "roots.pem": made.roots.encode(),
            "receipts.json": json.dumps(made.receipts).encode(),
        }  # fmt: skip
        FOLDER.mkdir(exist_ok=True)
        with tarfile.open(FOLDER / f"{name}.tar.xz", "w:xz", preset=9) as archive:
            for member, data in parts.items():
                info = tarfile.TarInfo(member)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return made


@cache
def saved(name: str) -> Bundles:
    """The bundles of a tender."""
    with tarfile.open(FOLDER / f"{name}.tar.xz") as archive:
        parts = {one.name: file.read() for one in archive if (file := archive.extractfile(one))}
    roots = parts["roots.pem"]
    trust = Trust(
        read_log_key(parts["log.key"].decode()), tuple(x509.load_pem_x509_certificates(roots)), known(), shipped()
    )
    return Bundles(
        parts["public.zip"], parts["regulators.zip"], trust, parts["log.key"].decode(), roots.decode(),
        parts["early.zip"], (), tuple(json.loads(parts["receipts.json"])),
    )  # fmt: skip


def case_of(name: str, kind: str = "regulators") -> Case:
    """The case in the `public`, `regulators` or `early` bundle of a tender, freshly read."""
    data: bytes = getattr(saved(name), kind)
    return read_case(unpack(data))


def main() -> int:
    """Make them anew."""
    here = Path(__file__).resolve().parent
    command = [sys.executable, "-m", "pytest", "-q", "-n0", *(str(here / name) for name in MAKERS)]
    return subprocess.run(command, env={**os.environ, "SUNLIGHT_MUTANTS": SAVING}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
