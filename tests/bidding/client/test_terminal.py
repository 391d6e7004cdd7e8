"""The client on its own, as it is installed: no Django anywhere, a bid all the way, killed in mid-upload, resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from bidding.client import custodian
from bidding.client.keys import KeyFolder
from bidding.client.session import Session
from tests.bidding.client.own_environment import ROOT, build, closure, command, wheel_files
from tests.bidding.live_stage import PASSWORD
from tests.bidding.server import Site

LOT = "sl-2026-001-1"
TENDER = "sl-2026-001"
MIB = 1 << 20
ROOM = 64 * MIB  # what a large bid may take more than a small one
server = pytest.mark.server


def test_the_extra_asks_for_no_django_and_nothing_of_a_server() -> None:
    found = closure("client")
    assert {"httpx", "tuspy", "rich", "cryptography", "cffi"} <= found
    assert found & {"django", "channels", "celery", "granian", "uvicorn", "minio", "openpyxl", "python-docx"} == set()


def test_the_wheel_holds_what_the_client_needs() -> None:
    names = {str(path.relative_to(ROOT)) for path in wheel_files()}
    assert {"bidding/client/__main__.py", "bidding/preflight/check.py", "config/locale/parts/bid-desk.po"} <= names
    assert [name for name in names if name.startswith(("tests/", "config/frontend", "var/"))] == []


@dataclass
class Terminal:
    """A bidder at a terminal, in an environment that holds the client and nothing else."""

    site: Site
    home: Path
    environment: dict[str, str]
    language: str = "en"
    peak: dict[str, int] = field(default_factory=dict)

    def words(self, name: str, *words: str) -> list[str]:
        folder = ["--folder", str(self.home / "keys"), "--plain", "--language", self.language]
        online = ["--site", self.site.url, "--user", "bidder1"] if name not in {"own-key", "verify", "look"} else []
        return command(name, *words, *folder, *online)

    def start(self, name: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.words(name, *words), env=self.environment, cwd=self.home, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, name: str, *words: str, fails: bool = False) -> tuple[str, str]:
        """Run a command to its end; what it said on both ways. Its largest memory is kept under its name."""
        process = self.start(name, *words)
        out, err = process.communicate(timeout=300)
        assert (process.returncode != 0) is fails, err
        return out, err

    def measured(self, name: str, *words: str) -> int:
        """The largest memory of a command, in bytes."""
        with (self.home / "said").open("wb") as said:
            process = subprocess.Popen(
                self.words(name, *words), env=self.environment, cwd=self.home, stdout=said, stderr=said
            )
            peak, status = 0, Path(f"/proc/{process.pid}/status")
            while process.poll() is None:  # what wait4 says of a child holds its parent's memory too
                lines = status.read_text().splitlines() if status.exists() else []
                peak = max([peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
                time.sleep(0.01)
        assert process.returncode == 0, (self.home / "said").read_text()
        return peak * 1024


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    home = tmp_path_factory.mktemp("terminal")
    site = Site(home / "var")
    site.stage("cast")
    site.start()
    try:
        keepers = []
        for name in ("agent", "centre", "regulator"):
            session, folder = Session(site.url), KeyFolder(home / name)
            session.sign_in(name, PASSWORD)
            folder.make_key()
            folder.enrol(session)
            folder.make_custodian_key(plain=True)
            custodian.register_key(session, folder, TENDER)
            keepers.append((session, folder))
        for session, folder in keepers:
            custodian.sign_sheets(session, folder, TENDER)
            session.close()
        site.stage("publish", "3600")
        environment = build(home / "environment") | {"SUNLIGHT_PASSWORD": PASSWORD}
        yield Terminal(site, home, environment)
    finally:
        site.kill()


@server
def test_nothing_of_django_can_be_imported_there(terminal: Terminal) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", "import django"], env=terminal.environment, capture_output=True, text=True,
        check=False, cwd=terminal.home,
    )  # fmt: skip
    assert "No module named 'django'" in done.stderr
    out, _err = subprocess.Popen(
        command("--help"), env=terminal.environment, cwd=terminal.home, text=True, stdout=subprocess.PIPE
    ).communicate()
    assert "resume" in out


def fill(folder: Path, price: float) -> None:
    filled: dict[str, dict[str, str | float]] = {
        "opening-list.xlsx": {"B6": price, "B7": 300, "B9": "Wang"},
        "price-schedule.xlsx": {"B5": "works", "D5": 1, "E5": price},
    }
    for name, cells in filled.items():
        book = openpyxl.load_workbook(folder / name)
        for place, value in cells.items():
            book.worksheets[0][place] = value
        book.save(folder / name)


@server
@pytest.mark.slow
def test_the_whole_way_killed_in_mid_upload_and_resumed(terminal: Terminal) -> None:
    files = terminal.home / "offer"
    terminal.run("enrol")
    terminal.run("own-key")
    terminal.run("papers", LOT, "--to", str(files))
    assert sorted(path.name for path in files.iterdir()) == [
        "commercial.docx", "opening-list.xlsx", "price-schedule.xlsx", "technical.docx",
    ]  # fmt: skip
    _out, err = terminal.run("bid", LOT, "--files", str(files), fails=True)
    assert "warning: opening-list.xlsx: The opening list states no price." in err
    assert "bidding.price: " in err

    fill(files, 9596000)
    (files / "annex.pdf").write_bytes(b"cut off")
    out, err = terminal.run("check", LOT, "--files", str(files))
    assert out == "5 files checked, 1 warnings\n"
    assert "annex.pdf: The file is damaged" in err
    small = terminal.measured("seal", LOT, "--files", str(files), "--out", str(terminal.home / "small.age"))
    with (files / "annex.pdf").open("wb") as annex:
        annex.write(b"%PDF-1.7\n")
        for _piece in range(96):
            annex.write(os.urandom(MIB))
        annex.write(b"\nstartxref\n9\n%%EOF\n")
    large = terminal.measured("seal", LOT, "--files", str(files), "--out", str(terminal.home / "large.age"))
    assert large - small < ROOM

    killed = terminal.start("bid", LOT, "--files", str(files))
    assert killed.stderr is not None
    for line in killed.stderr:
        if line.startswith("sending") and not line.startswith("sending 0 %"):
            killed.send_signal(signal.SIGKILL)
            break
    assert killed.wait() == -signal.SIGKILL
    killed.communicate()
    (kept,) = sorted((terminal.home / "keys" / "bids").glob("*.age"))
    out, _err = terminal.run("status", str(kept))
    assert out.startswith("incomplete  ")
    offset, size = (int(word) for word in (out.split()[1], out.split()[3]))
    assert 0 < offset < size == kept.stat().st_size

    out, err = terminal.run("resume")
    assert out.startswith(f"sealed  {LOT}  number ")
    first = next(line for line in err.splitlines() if line.startswith("sending"))
    assert int(first.split()[1]) >= 100 * offset // size, "what was sent before the kill is not sent again"
    assert terminal.run("resume")[0] == "Every sealed bid in the folder has its receipt.\n"
    look_and_fetch(terminal, kept, files)


def look_and_fetch(terminal: Terminal, kept: Path, files: Path) -> None:
    """What was sent is looked at, from the kept file and from the site's."""
    receipt = kept.with_suffix(".receipt.json")
    out, _err = terminal.run("verify", str(receipt))
    number = out.split()[3]
    out, _err = terminal.run("look", str(kept), "--to", str(terminal.home / "back"))
    assert out.splitlines()[0].startswith(f"{LOT}  9596000.00  ")
    assert "  manager = Wang" in out
    assert out.splitlines()[-1] == "as the receipt says"
    for path in files.iterdir():
        assert (terminal.home / "back" / path.name).read_bytes() == path.read_bytes()
    out, _err = terminal.run("fetch", LOT, number)
    assert Path(out.strip()).read_bytes() == kept.read_bytes()
    terminal.language = "zh-hans"
    assert terminal.run("resume")[0] == "文件夹中的每份密封投标文件都已有回执。\n"
