"""A person's folder of keys: private to its owner, never overwritten, destroyed for good."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from bidding.client.keys import KeyFolder
from ledger.errors import Refused


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "me")
    folder.make_key()
    folder.make_custodian_key(plain=True)
    assert [mode(tmp_path / "me" / name) for name in ("key.pem", "custodian.key")] == [0o600, 0o600]
    assert mode(tmp_path / "me") == 0o700


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.make_key()
    before = (tmp_path / "key.pem").read_bytes()
    with pytest.raises(Refused) as caught:
        folder.make_key()
    assert caught.value.codes == ["client.key_exists"]
    assert (tmp_path / "key.pem").read_bytes() == before


def test_a_passphrase_guards_the_signing_key(tmp_path: Path) -> None:
    KeyFolder(tmp_path, lambda: "correct horse").make_key()
    assert b"ENCRYPTED" in (tmp_path / "key.pem").read_bytes()
    KeyFolder(tmp_path, lambda: "correct horse").key()
    with pytest.raises(Refused) as caught:
        KeyFolder(tmp_path, lambda: "wrong").key()
    assert caught.value.codes == ["client.wrong_passphrase"]


def test_the_request_proves_the_key(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.make_key()
    request = x509.load_pem_x509_csr(folder.request().encode())
    assert request.is_signature_valid
    assert request.public_key() == folder.key().public_key()


def test_age_itself_reads_the_custodians_key(tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("needs age")
    identity = KeyFolder(tmp_path).make_custodian_key(plain=True)
    sealed = subprocess.run(
        ["age", "-r", str(identity.recipient)], input=b"hello", capture_output=True, check=True
    ).stdout
    opened = subprocess.run(
        ["age", "-d", "-i", "custodian.key"], input=sealed, cwd=tmp_path, capture_output=True, check=True
    )
    assert opened.stdout == b"hello"
    assert KeyFolder(tmp_path).custodian_key() == identity


def test_a_destroyed_key_is_gone(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.make_custodian_key(plain=True)
    folder.destroy_custodian_key()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Refused) as caught:
        folder.custodian_key()
    assert caught.value.codes == ["client.missing"]
