"""How fast we seal and open, beside the age tool, `openssl speed` and `cp`, all in one run.

Enters: `--mib` (1024 without) and `--rounds` (5). Leaves: a table, MiB/s, medians, each rate as a share of the age
tool's, of openssl's and of `cp`'s; and the processor time of a round. Files lie in memory where the machine allows it:
a disk that catches up with earlier writing slows whoever comes next. A benchmark, not a test: nothing here fails for
being slow.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bidding.envelope.age import decrypt, encrypt
from bidding.envelope.x25519 import Identity, new_identity
from tests.parts import say as say  # noqa: PLC0414  other benchmarks take it from here

MEMORY = Path("/dev/shm")
Spent = tuple[float, float]  # seconds by the clock and of the processor


def openssl_rate() -> float | None:
    """MiB/s of `openssl speed` for ChaCha20-Poly1305 in blocks of 64 KiB, None without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    command = [openssl, "speed", "-seconds", "1", "-bytes", "65536", "-evp", "chacha20-poly1305"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^ChaCha20-Poly1305\s+([0-9.]+)k", said, re.MULTILINE | re.IGNORECASE)
    return float(found[1]) * 1000 / 2**20 if found else None


def spent(act: Callable[[], object]) -> Spent:
    """What `act` takes, its children included."""
    begun, used = time.perf_counter(), processor()
    act()
    return time.perf_counter() - begun, processor() - used


def processor() -> float:
    """Seconds of the processor that this process and its ended children have used."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def process(*command: str) -> Callable[[], object]:
    """A command line as an act."""
    return lambda: subprocess.run(command, check=True, capture_output=True)


def in_process(folder: Path, key: Identity, *, sealing: bool) -> Callable[[], object]:
    """The library alone, to a file that keeps nothing."""

    def act() -> None:
        with (folder / ("plain" if sealing else "sealed")).open("rb") as source, Path("/dev/null").open("wb") as sink:
            if sealing:
                encrypt(source, sink, [key.recipient])
            else:
                decrypt(source, sink, [key])

    return act


def ways(folder: Path, key: Identity) -> dict[str, Callable[[], object]]:
    """Every row of the table; each leaves its output in `out`, which is removed before the next."""
    ours = (sys.executable, "-m", "bidding.envelope")
    plain, sealed, out, private = (str(folder / name) for name in ("plain", "sealed", "out", "key"))
    rows = {
        "seal, library": in_process(folder, key, sealing=True),
        "open, library": in_process(folder, key, sealing=False),
        "seal, command": process(*ours, "-r", str(key.recipient), "-o", out, plain),
        "open, command": process(*ours, "-d", "-i", private, "-o", out, sealed),
        "cp": process("cp", plain, out),
    }
    if age := shutil.which("age"):
        rows["seal, age tool"] = process(age, "-r", str(key.recipient), "-o", out, plain)
        rows["open, age tool"] = process(age, "-d", "-i", private, "-o", out, sealed)
    return rows


def measured(folder: Path, mebibytes: int, rounds: int) -> dict[str, Spent]:
    """Row: medians. The rows take turns, so that a slow moment of the machine meets all of them."""
    key = new_identity()
    (folder / "key").write_text(key.secret_text() + "\n")
    block = random.Random(mebibytes).randbytes(1 << 20)
    with (folder / "plain").open("wb") as plain:
        for _ in range(mebibytes):
            plain.write(block)
    with (folder / "plain").open("rb") as source, (folder / "sealed").open("wb") as sink:
        encrypt(source, sink, [key.recipient])
    found: dict[str, list[Spent]] = {}
    for _ in range(rounds):
        for name, act in ways(folder, key).items():
            (folder / "out").unlink(missing_ok=True)
            found.setdefault(name, []).append(spent(act))
    return {
        name: (statistics.median(clock for clock, _used in all_), statistics.median(used for _clock, used in all_))
        for name, all_ in found.items()
    }


def share(rate: float, of: float | None) -> str:
    """A ratio as it stands in the table."""
    return f"{rate / of:.2f}" if of else "-"


def table(found: dict[str, Spent], mebibytes: int, ceiling: float | None) -> None:
    """Say every row."""
    rates = {name: mebibytes / clock for name, (clock, _used) in found.items()}
    head = ("MiB/s", "x age tool", "x openssl", "x cp", "CPU s")
    say(f"{f'envelope, {mebibytes} MiB':<20}" + "".join(f"{word:>12}" for word in head))
    for row, rate in rates.items():
        tool = rates.get(f"{row.partition(',')[0]}, age tool")
        shares = (share(rate, tool), share(rate, ceiling), share(rate, rates["cp"]), f"{found[row][1]:.2f}")
        say(f"{row:<20}{rate:>12.0f}" + "".join(f"{word:>12}" for word in shares))
    if ceiling:
        say(f"{'openssl speed':<20}{ceiling:>12.0f}")


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and say the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.envelope")
    parser.add_argument("--mib", type=int, default=1024, help="size of the file")
    parser.add_argument("--rounds", type=int, default=5, help="how often each row is measured")
    options = parser.parse_args(arguments)
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * options.mib << 20
    with tempfile.TemporaryDirectory(dir=MEMORY if roomy else None) as name:
        found = measured(Path(name), options.mib, options.rounds)
    table(found, options.mib, openssl_rate())


if __name__ == "__main__":
    main(sys.argv[1:])
