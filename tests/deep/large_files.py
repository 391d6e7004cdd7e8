"""4 GiB through the command line in both directions: the same bytes come back, and memory stays flat.

Through files, through pipes, and armored. The plain bytes are made and digested on the way, so that only one sealed
file of 4 GiB lies on the disk at a time. The bound is that of the daily test with 64 MiB.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bidding.envelope.x25519 import Identity
from tests.bidding.envelope.peak import PROMISED, peak, start
from tests.parts import NotHere, say

SIZE = 4 << 30
BLOCK = 1 << 20
KEY = Identity(bytes(range(32)))


def plain() -> Iterator[bytes]:
    """4 GiB in blocks, no two of them the same."""
    base = hashlib.shake_128(b"sunlight").digest(BLOCK - 8)
    for number in range(SIZE // BLOCK):
        yield number.to_bytes(8, "big") + base


def pour(sink: IO[bytes]) -> None:
    """Write all of it to a pipe."""
    with sink:
        for block in plain():
            sink.write(block)


def digest(source: IO[bytes]) -> str:
    """SHA-256 of all that comes."""
    found = hashlib.sha256()
    while block := source.read(BLOCK):
        found.update(block)
    return found.hexdigest()


def told(what: str, kibibytes: int) -> None:
    """Say a peak and hold it to the promise."""
    say(f"{what:<28}{kibibytes / 1024:>8.1f} MiB above idle (promised: below {PROMISED >> 10})")
    assert kibibytes < PROMISED, f"{what}: memory is not flat"


def through_pipes(folder: Path, *armor: str) -> str:
    """Seal from a pipe into a pipe, open from that pipe into another; the digest of what comes out."""
    sealing = start("-R", "to", *armor, folder=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    opening = start("-d", "-i", "key", folder=folder, stdin=sealing.stdout, stdout=subprocess.PIPE)
    assert sealing.stdin is not None
    assert sealing.stdout is not None
    assert opening.stdout is not None
    sealing.stdout.close()
    pouring = threading.Thread(target=pour, args=(sealing.stdin,))
    pouring.start()
    found = digest(opening.stdout)
    pouring.join()
    sealing.stdin, sealing.stdout = None, None
    words = "armored, " if armor else ""
    told(f"{words}sealed in pipes", peak(sealing))
    told(f"{words}opened in pipes", peak(opening))
    return found


def through_files(folder: Path) -> str:
    """Seal a file into a file, open that into another; the digest of the last."""
    with (folder / "plain").open("wb") as sink:
        pour(sink)
    told("sealed from file to file", peak(start("-R", "to", "-o", "sealed", "plain", folder=folder)))
    (folder / "plain").unlink()
    told("opened from file to file", peak(start("-d", "-i", "key", "-o", "back", "sealed", folder=folder)))
    (folder / "sealed").unlink()
    with (folder / "back").open("rb") as source:
        return digest(source)


def run() -> None:
    """Three ways, three times the same digest."""
    with tempfile.TemporaryDirectory(prefix="sunlight-large-") as name:
        folder = Path(name)
        if shutil.disk_usage(folder).free < 9 << 30:
            raise NotHere(f"9 GiB must be free in {folder.parent}; TMPDIR names another place")
        (folder / "key").write_text(KEY.secret_text() + "\n")
        (folder / "to").write_text(f"{KEY.recipient}\n")
        wanted = hashlib.sha256()
        for block in plain():
            wanted.update(block)
        found = [through_pipes(folder), through_pipes(folder, "-a"), through_files(folder)]
    assert found == [wanted.hexdigest()] * 3, "what came back is not what was sealed"
    say(f"{SIZE >> 30} GiB came back byte for byte in all three ways")
