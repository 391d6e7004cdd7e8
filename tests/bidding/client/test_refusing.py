"""Whatever goes wrong at a terminal is a refusal with a code, a line a reason, in the own language: no traceback."""

from __future__ import annotations

import io
import json
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from bidding.client import showing
from bidding.client.__main__ import main
from bidding.client.kept import BIDS, unsent
from bidding.client.keys import KeyFolder
from bidding.client.reading import read_receipt
from bidding.client.sealing import SealedBid, read_sealed
from bidding.client.session import ProblemError, Session, site_address
from bidding.client.words import reasons
from ledger.errors import Refused

NOWHERE = "http://127.0.0.1:9"
KEPT = {"sunlight_session": "s", "sunlight_csrf": "c"}


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SUNLIGHT_PASSPHRASE", "SUNLIGHT_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    def nobody_types(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody_types)


def said(home: Path, *words: str, language: str = "en") -> tuple[int, list[str]]:
    """The exit code of a command, and the lines on standard error."""
    with showing.ERR.capture() as heard:
        code = main([*words, "--folder", str(home), "--language", language])
    return code, heard.get().splitlines()


def codes(home: Path, *words: str) -> list[str]:
    """The codes of a refusal, the same in both languages, where the words differ."""
    found = []
    for language in ("en", "zh-hans"):
        code, lines = said(home, *words, language=language)
        assert (code, len(lines)) == (1, 1), lines
        found.append(lines[0].partition(": "))
    (english, _colon, _words), (chinese, _mark, text) = found
    assert english == chinese
    assert any("一" <= letter <= "鿿" for letter in text), text
    return [english]


def signed_in(home: Path, cookies: object = KEPT) -> Path:
    home.mkdir(exist_ok=True)
    (home / "session.json").write_text(json.dumps(cookies) if not isinstance(cookies, str) else cookies)
    return home


def sealed(folder: Path, description: str) -> Path:
    """A sealed file with `description` beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "t.age"
    path.write_bytes(b"sealed")
    path.with_suffix(".json").write_text(description)
    return path


@pytest.mark.parametrize("site", [NOWHERE, "http://nohost.invalid"])
def test_no_network_with_a_kept_session_and_without(tmp_path: Path, site: str) -> None:
    password = tmp_path / "password"
    password.write_text("secret")
    for home in (signed_in(tmp_path / "kept"), tmp_path / "new"):
        words = ("due", "--site", site, "--user", "u", "--password-file", str(password))
        assert codes(home, *words) == ["client.unreachable"]


@pytest.mark.parametrize("site", ["ftp://x", "nonsense", "http://[", "http://", "http://h:port", "http://h:999999", ""])
def test_what_is_no_address_of_a_site(tmp_path: Path, site: str) -> None:
    assert codes(tmp_path, "due", "--site", site, "--user", "u") == ["client.address"]


def test_an_address_keeps_its_host_and_port() -> None:
    given = ["https://bids.example/", "http://127.0.0.1:8000", "http://例子.测试"]
    assert [site_address(one) for one in given] == [
        "https://bids.example", "http://127.0.0.1:8000", "http://xn--fsqu00a.xn--0zwm56d",
    ]  # fmt: skip


class Stranger(BaseHTTPRequestHandler):
    """A site that is not Sunlight: every path is a page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"<html>")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    with socketserver.TCPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_another_site_than_sunlight(tmp_path: Path, stranger: str) -> None:
    assert codes(signed_in(tmp_path / "home"), "due", "--site", stranger) == ["client.no_sunlight"]


@pytest.mark.parametrize("kept", ["{", "[]", "\x00", '{"sunlight_session": 7}', ""])
def test_a_damaged_session_is_no_session(tmp_path: Path, kept: str) -> None:
    session = Session(NOWHERE, cookies=signed_in(tmp_path / "home", kept) / "session.json")
    assert (session.cookies, session.is_signed_in()) == ({}, False)
    session.close()


def test_no_terminal_to_ask_on(tmp_path: Path) -> None:
    assert codes(tmp_path, "due", "--site", NOWHERE) == ["client.no_terminal"]
    assert codes(tmp_path, "keygen") == ["client.no_terminal"]


def test_without_a_terminal_the_refusal_stands_alone_and_what_is_piped_in_is_read(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "bidding.client", "custodian-key", "--folder", str(tmp_path), "--language", "en"]

    def ran(piped: str) -> tuple[int, str]:
        done = subprocess.run(words, input=piped, capture_output=True, text=True, start_new_session=True, check=False)
        return done.returncode, done.stderr

    code, said_there = ran("")
    assert (code, said_there.count("\n"), said_there.partition(":")[0]) == (1, 1, "client.no_terminal")
    assert ran("correct horse\n") == (0, "")
    KeyFolder(tmp_path, lambda: "correct horse").custodian_key()
    with pytest.raises(Refused):
        KeyFolder(tmp_path, lambda: "wrong").custodian_key()


def test_passphrases_that_do_not_do(tmp_path: Path) -> None:
    empty, binary, right, wrong = (tmp_path / name for name in ("empty", "binary", "right", "wrong"))
    for path, data in ((empty, b"\n"), (binary, b"\xff\xfe\x00"), (right, b"\xef\xbb\xbfright"), (wrong, b"wrong")):
        path.write_bytes(data)
    home = tmp_path / "home"
    assert codes(home, "keygen", "--passphrase-file", str(empty)) == ["client.passphrase_empty"]
    assert codes(home, "own-key", "--passphrase-file", str(empty)) == ["client.passphrase_empty"]
    assert codes(home, "keygen", "--passphrase-file", str(binary)) == ["client.not_text"]
    assert codes(home, "keygen", "--passphrase-file", str(home / "none")) == ["client.no_file"]
    assert said(home, "keygen", "--passphrase-file", str(right)) == (0, [])
    assert codes(home, "keygen", "--passphrase-file", str(right)) == ["client.key_exists"]
    KeyFolder(home, lambda: "right").key()
    for ask, code in ((lambda: "wrong", "client.wrong_passphrase"), (None, "client.passphrase")):
        with pytest.raises(Refused) as caught:
            KeyFolder(home, ask).key()
        assert caught.value.codes == [code]


def test_damaged_files_of_the_folder_are_named(tmp_path: Path) -> None:
    for name in ("key.pem", "certificate.pem", "roots.pem", "timestamps.pem", "log.vkey"):
        (tmp_path / name).write_bytes(b"\xffnothing")
    folder = KeyFolder(tmp_path)
    for name, read in (
        ("key.pem", folder.key), ("certificate.pem", folder.certificate), ("roots.pem", folder.roots),
        ("timestamps.pem", folder.timestamp_roots), ("log.vkey", folder.log_key),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            read()
        assert caught.value.codes == ["client.damaged"]
        assert str(tmp_path / name) in str(caught.value)


def test_keys_are_not_made_twice_nor_destroyed_before_they_are_made(tmp_path: Path) -> None:
    for words in (["destroy-key"], ["destroy-key", "--force"]):
        assert codes(tmp_path, *words) == ["client.missing"]
    for name in ("own-key", "custodian-key"):
        assert said(tmp_path, name, "--plain") == (0, [])
        assert codes(tmp_path, name, "--plain") == ["client.key_exists"]


def test_what_is_no_receipt(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(range(256)) * 8)
    assert codes(tmp_path, "verify", str(binary)) == ["bidding.receipt_form"]
    assert codes(tmp_path, "verify", str(tmp_path / "none")) == ["client.no_file"]
    assert codes(tmp_path, "verify", str(tmp_path)) == ["client.is_folder"]


def test_a_receipt_that_notepad_saved_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notepad.json"
    path.write_bytes(b'\xef\xbb\xbf{"format": "x"}')
    assert read_receipt(path) == {"format": "x"}


WHOLE = {"lot": "x-1", "submission": "00", "digest": "00", "header": "00", "size": 6, "cover": None, "path": "t.age"}
BROKEN = ["{", "{}", "[]", "\x00", json.dumps({**WHOLE, "size": "6"}), json.dumps({**WHOLE, "digest": None})]


@pytest.mark.parametrize("description", BROKEN)
def test_a_broken_description_beside_the_sealed_file(tmp_path: Path, description: str) -> None:
    path = sealed(tmp_path / "files", description)
    home = signed_in(tmp_path / "home")
    for name in ("look", "submit", "status", "proof"):
        assert codes(home, name, str(path)) == ["client.description_damaged"]


def test_a_broken_description_does_not_hold_up_the_other_bids(tmp_path: Path) -> None:
    broken = sealed(tmp_path / BIDS, "{}")
    good = broken.with_name("u.age")
    good.write_bytes(b"sealed")
    made = SealedBid(good, "x-1", "00", "00", "00", 6)
    made.write()
    assert read_sealed(good) == made
    bids, found = unsent(tmp_path)
    assert (bids, [one.code for one in found]) == ([made], ["client.description_damaged"])


def test_a_proof_before_the_receipt(tmp_path: Path) -> None:
    path = sealed(tmp_path / "files", json.dumps(WHOLE))
    assert codes(signed_in(tmp_path / "home"), "proof", str(path)) == ["client.no_receipt_yet"]


def test_a_folder_or_cover_that_is_not_there(tmp_path: Path) -> None:
    home, here = signed_in(tmp_path / "home"), str(tmp_path)
    for name in ("check", "seal", "bid"):
        assert codes(home, name, "x-1", "--files", str(tmp_path / "none")) == ["client.no_folder"]
        assert codes(home, name, "x-1", "--files", here, "--cover", str(tmp_path / "no")) == ["client.no_file"]


def test_an_error_of_the_machine_names_the_file() -> None:
    assert reasons(OSError(28, "No space left on device", "bid.age"), "en") == [
        "client.file: bid.age cannot be used: No space left on device."
    ]
    assert reasons(PermissionError(13, "Permission denied", "key.pem"), "zh-hans") == [
        "client.no_access: 您无权读写 key.pem。"
    ]


def test_what_a_site_says_is_repeated_as_it_is() -> None:
    told = {"reasons": [{"code": "bidding.bond", "text": "The bond is above 2 % of the estimate."}, "no reason"]}
    assert reasons(ProblemError(422, told), "en") == ["bidding.bond: The bond is above 2 % of the estimate."]
    assert reasons(ProblemError(500, {"reasons": "none"}), "en") == ["http.500: The site answered without a reason."]


def test_who_interrupts_it_is_told_what_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", pty_stdin := io.StringIO(""))
    monkeypatch.setattr(pty_stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", interrupted)
    assert main(["keygen", "--folder", str(tmp_path / "keys"), "--language", "en"]) == 130
    assert capsys.readouterr().err == "Interrupted. What was sent stays sent: resume goes on with it.\n"
    assert not (tmp_path / "keys" / "key.pem").exists()
