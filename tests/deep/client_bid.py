"""The largest bid there may be, packed, sealed and sent by `python -m bidding.client bid` to a real running site.

Measured: the client's memory above its idle process, the web worker's above what it held before. Held to: both below
64 MiB, the receipt checked by the client, and the sealed bytes on the site the same as the file sent. The plain file is
one hole on the disk; the sealed one, the parts of the upload and the stored object are not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bidding.client.kept import BIDS
from bidding.client.sealing import SealedBid, read_sealed
from bidding.client.session import Session
from bidding.envelope.padding import MAX_PACKAGE
from bidding.preflight.names import ROOM
from bidding.submission.receipt import check_receipt, parse_receipt
from tests.bidding.live_stage import PASSWORD
from tests.bidding.server import ROOT, Site
from tests.bidding.uploads.clients import LOT, Guest, lodging, stored
from tests.parts import NotHere, say

SIZE = MAX_PACKAGE - ROOM  # of the plain file, the most the check lets pass; padding takes the package to its limit
FREE = 14 << 30
PROMISED = 64 << 10  # KiB
MEASURED = """
import sys
from bidding.client.__main__ import main
def memory(word):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(word))
idle = memory("VmRSS:")
status = main(sys.argv[1:])
print("above idle", memory("VmHWM:") - idle, file=sys.stderr)
sys.exit(status)
"""


def workers(site: Site) -> list[int]:
    """The processes of the site: the one that was started and its children."""
    assert site.process is not None
    found = [site.process.pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def memory(process: int, word: str) -> int:
    """A line of the process's status in KiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word))


def begin_peaks(site: Site) -> dict[int, int]:
    """What every process of the site holds now; its peak is counted anew from here."""
    for process in workers(site):
        Path(f"/proc/{process}/clear_refs").write_text("5")
    return {process: memory(process, "VmRSS:") for process in workers(site)}


def told(what: str, kibibytes: int) -> None:
    """Say a peak and hold it to the promise."""
    say(f"{what:<28}{kibibytes / 1024:>8.1f} MiB above idle (promised: below {PROMISED >> 10})")
    assert kibibytes < PROMISED, f"{what}: memory is not flat"


def signed_in(guest: Guest) -> None:
    """The command line finds a session and needs no password, whose check alone takes the site 100 MiB (Argon2)."""
    kept = Session(guest.site.url, cookies=guest.folder.path / "session.json", language="en")
    kept.sign_in(guest.name, PASSWORD)
    kept.close()


def send(site: Site, guest: Guest) -> int:
    """The whole way by the command line; the client's peak in KiB above idle."""
    files = guest.home / "offer"
    files.mkdir()
    with (files / "offer.bin").open("wb") as file:
        file.truncate(SIZE)
    words = ["bid", LOT, "--folder", str(guest.folder.path), "--plain", "--site", site.url, "--user", guest.name]
    words += ["--language", "en", "--files", str(files), "--price", "9596000.00", "--days", "300"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SUNLIGHT_PASSWORD": PASSWORD}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return int(done.stderr.split()[-1])


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compare(site: Site, guest: Guest, bid: SealedBid) -> None:
    """Receipt, the client's file and the site's object speak of the same bytes."""
    file = parse_receipt(bid.path.with_suffix(".receipt.json").read_text())
    says = check_receipt(file, guest.folder.roots()).entry.values
    assert (says["size"], says["digest"].hex()) == (bid.size, bid.digest), "the receipt is of another file"
    assert digest_of(bid.path) == stored(site, file) == bid.digest, "the bytes differ"
    guest.session.close()


def run() -> None:
    """One bid of the greatest length."""
    with tempfile.TemporaryDirectory(prefix="sunlight-client-") as name:
        home = Path(name)
        if shutil.disk_usage(home).free < FREE:
            raise NotHere(f"{FREE >> 30} GiB must be free in {home.parent}; TMPDIR names another place")
        with lodging(home) as site:
            guest = Guest(site, "bidder1", home)
            signed_in(guest)
            idle = begin_peaks(site)
            client = send(site, guest)
            bid = read_sealed(next((guest.folder.path / BIDS).glob("*.age")))
            assert bid.size > MAX_PACKAGE, "the bid is not of the greatest length"
            site_peak = max(memory(process, "VmHWM:") - held for process, held in idle.items())
            told("the client", client)
            told("the site's web worker", site_peak)
            compare(site, guest, bid)
            say(f"{bid.size} sealed bytes went from the files to the receipt")
            say("the receipt holds, and the object on the site is the file that was sent, byte for byte")
