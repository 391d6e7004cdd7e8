"""How fast we seal and open, beside the age tool, `openssl speed` and `cp`, all in one run.

Enters: the size in MiB as an argument (256 without). Leaves: a table, MiB/s, medians of 5, each rate as a share of the
age tool's and of openssl's. Files lie in memory where the machine allows it: a disk that catches up with earlier
writing slows whoever comes next. A benchmark, not a test: nothing here fails for being slow.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bidding.envelope.age import decrypt, encrypt
from bidding.envelope.x25519 import Identity, new_identity

ROUNDS = 5
MEMORY = Path("/dev/shm")


def openssl_rate() -> float | None:
    """MiB/s of `openssl speed` for ChaCha20-Poly1305 in blocks of 64 KiB, None without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    command = [openssl, "speed", "-seconds", "1", "-bytes", "65536", "-evp", "chacha20-poly1305"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^ChaCha20-Poly1305\s+([0-9.]+)k", said, re.MULTILINE | re.IGNORECASE)
    return float(found[1]) * 1000 / 2**20 if found else None


def seconds(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


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


def measured(folder: Path, size: int) -> dict[str, float]:
    """Row: MiB/s. The rows take turns, so that a slow moment of the machine meets all of them."""
    key = new_identity()
    (folder / "key").write_text(key.secret_text() + "\n")
    with (folder / "plain").open("wb") as plain:
        for _ in range(size):
            plain.write(bytes(1 << 20))
    with (folder / "plain").open("rb") as source, (folder / "sealed").open("wb") as sink:
        encrypt(source, sink, [key.recipient])
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, act in ways(folder, key).items():
            (folder / "out").unlink(missing_ok=True)
            times.setdefault(name, []).append(seconds(act))
    return {name: size / statistics.median(found) for name, found in times.items()}


def say(line: str) -> None:
    """One line of the table."""
    sys.stdout.write(line + "\n")


def main(size: int = 256) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        rates = measured(Path(name), size)
    ceiling = openssl_rate()
    say(f"{'envelope, ' + str(size) + ' MiB':<20}{'MiB/s':>8}{'x age tool':>12}{'x openssl':>12}")
    for row, rate in rates.items():
        tool = rates.get(f"{row.partition(',')[0]}, age tool")
        say(
            f"{row:<20}{rate:>8.0f}"
            f"{f'{rate / tool:.2f}' if tool else '-':>12}{f'{rate / ceiling:.2f}' if ceiling else '-':>12}"
        )
    if ceiling:
        say(f"{'openssl speed':<20}{ceiling:>8.0f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
