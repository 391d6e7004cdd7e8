"""`python -m bidding.client`: the bidder's and the custodian's work from a terminal.

Enters: a command, a folder of keys, the site. Leaves: files in the folder and beside the bid; 0, or 1 with every reason
on standard error.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bidding.client import custodian, submitting
from bidding.client.arguments import parser
from bidding.client.keys import KeyFolder
from bidding.client.sealing import Offer, files_in, read_sealed, seal_bid, signed_sheet_of
from bidding.client.session import Session
from bidding.custody.signed_sheet import groups
from bidding.envelope.policy import in_words
from bidding.envelope.sheet import policy_of
from bidding.submission.receipt import CheckedReceipt, check_receipt, parse_receipt
from ledger import cms
from ledger.errors import SunlightError

OUT, ERR = Console(highlight=False), Console(stderr=True, highlight=False)


def _text(path: Path | None, variable: str, prompt: str) -> str:
    if path is not None:
        return path.read_text().strip()
    return os.environ.get(variable) or getpass.getpass(prompt)


def _folder(given: Namespace) -> KeyFolder:
    if given.plain:
        return KeyFolder(given.folder)
    return KeyFolder(
        given.folder, lambda: _text(given.passphrase_file, "SUNLIGHT_PASSPHRASE", "Passphrase of the keys: ")
    )


def _session(given: Namespace) -> Session:
    """The kept session if it still counts, else a new one; `main` closes it."""
    given.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    session = given.session = Session(given.site, cookies=given.folder / "session.json", language=given.language)
    if given.site_clock:
        session.clock = lambda: datetime.fromisoformat(session.get("/bidding/trust")["now"])
    if not session.is_signed_in():
        user = given.user or input("User name: ")
        session.sign_in(user, _text(given.password_file, "SUNLIGHT_PASSWORD", "Password: "))
    return session


def keygen(given: Namespace) -> None:
    """Make a signing key."""
    _folder(given).make_key()
    OUT.print(f"key: {given.folder / 'key.pem'}")


def enrol(given: Namespace) -> None:
    """Make a key if there is none, and get a certificate."""
    folder, session = _folder(given), _session(given)
    if not (given.folder / "key.pem").exists():
        folder.make_key()
    certificate = folder.enrol(session)
    OUT.print(f"certificate: {certificate.subject.rfc4514_string()}\n{groups(cms.fingerprint(certificate))}")


def custodian_key(given: Namespace) -> None:
    """Make a custodian's key."""
    identity = _folder(given).make_custodian_key(plain=given.plain)
    OUT.print(f"public key: {identity.recipient}")


def destroy_key(given: Namespace) -> None:
    """Destroy the custodian's key."""
    _folder(given).destroy_custodian_key()
    OUT.print("destroyed")


def register_key(given: Namespace) -> None:
    """Register the custodian's key."""
    facts = custodian.register_key(_session(given), _folder(given), given.tender)
    OUT.print(f"registered under {facts['label']}")


def sign_sheets(given: Namespace) -> None:
    """Sign the custody sheets."""
    facts = custodian.sign_sheets(_session(given), _folder(given), given.tender)
    OUT.print("in force: " + (", ".join(facts["sealed"]) or "none yet"))


def seal(given: Namespace) -> None:
    """Show who can open, check, seal."""
    session, folder = _session(given), _folder(given)
    desk, roots = session.get(f"/bidding/lots/{given.lot}/"), folder.roots()
    sheet = signed_sheet_of(desk, roots, session.clock())
    OUT.print(in_words(policy_of(sheet)))
    for leaf in desk["sheet"]["leaves"]:
        OUT.print(f"  {leaf['label']}  {leaf['name']}  {leaf['key_words']}")
    offer = Offer(given.price, given.days, given.files, tuple(given.item), given.cover)
    made = seal_bid(offer, desk, pen=folder.pen(), roots=roots, at=session.clock(), to=given.out)
    OUT.print(f"{len(files_in(given.files))} files, {made.size} bytes, id {made.submission}\nSHA-256 {made.digest}")


@contextmanager
def _bar(word: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn(word), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERR) as progress:
        task = progress.add_task(word)
        yield lambda done, count: progress.update(task, completed=done, total=count)


def _say(checked: CheckedReceipt) -> None:
    says = checked.entry.values
    OUT.print(f"{checked.kind}  {says['lot']}  number {checked.number}  at {says['stamp'].isoformat()}")
    for code in says.get("codes", ()):
        OUT.print(f"  {code}")


def submit(given: Namespace) -> None:
    """Send a sealed bid; keep and show its receipt."""
    with _bar("sending") as progress:
        _say(submitting.submit(_session(given), read_sealed(given.file), _folder(given).roots(), progress=progress))


def status(given: Namespace) -> None:
    """Ask whether it arrived."""
    state = submitting.status(_session(given), read_sealed(given.file))
    if "receipt" in state:
        _say(check_receipt(state["receipt"], _folder(given).roots()))
    else:
        OUT.print(f"{state['state']}  {state['offset']} of {state['length']} bytes")


def proof(given: Namespace) -> None:
    """Fetch and check the inclusion proof."""
    session, folder, bid = _session(given), _folder(given), read_sealed(given.file)
    file = given.file.with_suffix(".receipt.json").read_text()
    checked = submitting.check_own_receipt(parse_receipt(file), bid, folder.roots())
    covered = submitting.fetch_proof(session, bid, checked, folder.log_key())
    OUT.print("in the log" if covered else "not under a checkpoint yet; ask again in a minute")


def withdraw(given: Namespace) -> None:
    """Withdraw the live envelope."""
    _say(submitting.withdraw(_session(given), given.lot, given.number, _folder(given).roots()))


def release(given: Namespace) -> None:
    """Give the shares of a lot."""
    with _bar("opening leaves") as progress:
        facts = custodian.release(_session(given), _folder(given), given.lot, progress=progress)
    OUT.print(json.dumps(facts, ensure_ascii=False))


def check(given: Namespace) -> None:
    """Check a receipt without the site."""
    _say(check_receipt(parse_receipt(given.file.read_text()), _folder(given).roots()))


COMMANDS: Mapping[str, Callable[[Namespace], None]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        *(keygen, enrol, custodian_key, destroy_key, register_key, sign_sheets),
        *(seal, submit, status, proof, withdraw, release, check),
    )
}


def main(arguments: list[str]) -> int:
    """Run one command; 0, or 1 with the reasons on standard error."""
    given = parser().parse_args(arguments)
    given.session = None
    try:
        COMMANDS[given.command](given)
    except (SunlightError, OSError) as error:
        for line in str(error).split("; "):
            ERR.print(line)
        return 1
    finally:
        if given.session is not None:
            given.session.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
