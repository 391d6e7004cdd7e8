"""Whole files: ours, the age tool's, pyrage's and age-encryption's open one another."""

from __future__ import annotations

import base64
import io
import random
import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope.age import decrypt, encrypt
from bidding.envelope.scrypt import Passphrase
from bidding.envelope.x25519 import Identity, new_identity
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILES, identity, sealed_bid
from tests.bidding.envelope.second_opinions import age_encryption, age_tool, b64

KEY = Identity(bytes(range(32)))
THEIR_KEY = pyrage.x25519.Identity.from_str(KEY.secret_text())
LENGTHS = [0, 1, 65_536, 65_537, 200_000]
LIGHT = Passphrase("一个口令", 4)


def sealed(data: bytes, *recipients: object, armored: bool = False) -> bytes:
    sink = io.BytesIO()
    encrypt(io.BytesIO(data), sink, recipients, armored=armored)  # type: ignore[arg-type]  # all of them wrap
    return sink.getvalue()


def opened(data: bytes, *identities: object) -> bytes:
    sink = io.BytesIO()
    decrypt(io.BytesIO(data), sink, identities)  # type: ignore[arg-type]  # all of them unwrap
    return sink.getvalue()


def key_file(folder: Path) -> str:
    path = folder / "key.txt"
    path.write_text(KEY.secret_text() + "\n")
    return str(path)


@settings(deadline=None, max_examples=30)
@given(st.binary(max_size=1000), st.booleans())
def test_any_of_the_recipients_opens(data: bytes, armored: bool) -> None:
    ones = [new_identity() for _ in range(3)]
    file = sealed(data, *[one.recipient for one in ones], armored=armored)
    assert [opened(file, one) for one in ones] == [data] * 3
    assert opened(file, new_identity(), ones[2]) == data


def test_a_stranger_opens_nothing() -> None:
    with pytest.raises(Refused) as refusal:
        opened(sealed(b"x", KEY.recipient), new_identity())
    assert refusal.value.codes == ["bidding.no_match"]


def test_a_passphrase_opens_alone_and_stands_alone() -> None:
    assert opened(sealed(b"x", LIGHT), new_identity(), LIGHT) == b"x"
    with pytest.raises(Refused) as refusal:
        sealed(b"x", LIGHT, KEY.recipient)
    assert refusal.value.codes == ["bidding.scrypt_alone"]
    with pytest.raises(Refused):
        sealed(b"x")


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("armored", [False, True])
def test_pyrage_and_we_open_each_others_files(length: int, armored: bool) -> None:
    data = random.Random(length).randbytes(length)
    recipient = pyrage.x25519.Recipient.from_str(str(KEY.recipient))
    assert opened(pyrage.encrypt(data, [recipient], armored=armored), KEY) == data
    assert pyrage.decrypt(sealed(data, KEY.recipient, armored=armored), [THEIR_KEY]) == data


def test_pyrage_and_we_share_a_passphrase() -> None:
    assert opened(pyrage.passphrase.encrypt(b"x", "口令"), Passphrase("口令")) == b"x"
    assert pyrage.passphrase.decrypt(sealed(b"x", LIGHT), LIGHT.text) == b"x"


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("armored", [False, True])
def test_the_age_tool_and_we_open_each_others_files(length: int, armored: bool, tmp_path: Path) -> None:
    age, data = age_tool(), random.Random(length).randbytes(length)
    command = [age, "-r", str(KEY.recipient), *(["-a"] if armored else [])]
    theirs = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    assert opened(theirs, KEY) == data
    ours = sealed(data, KEY.recipient, armored=armored)
    back = subprocess.run([age, "-d", "-i", key_file(tmp_path)], input=ours, capture_output=True, check=True).stdout
    assert back == data


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("armored", [False, True])
def test_age_encryption_and_we_open_each_others_files(length: int, armored: bool) -> None:
    data = random.Random(length).randbytes(length)
    theirs = age_encryption("encrypt", recipients=[str(KEY.recipient)], data=b64(data), armored=armored)["data"]
    assert opened(base64.b64decode(theirs), KEY) == data
    ours = sealed(data, KEY.recipient, armored=armored)
    back = age_encryption("decrypt", identity=KEY.secret_text(), data=b64(ours))["data"]
    assert base64.b64decode(back) == data


@pytest.mark.parametrize("armored", [False, True])
def test_age_encryption_and_we_share_a_passphrase(armored: bool) -> None:
    theirs = age_encryption("encrypt", passphrase="口令", data=b64(b"x"), armored=armored)["data"]
    assert opened(base64.b64decode(theirs), Passphrase("口令")) == b"x"
    ours = sealed(b"x", LIGHT, armored=armored)
    assert age_encryption("decrypt", passphrase=LIGHT.text, data=b64(ours))["data"] == b64(b"x")


def test_age_encryption_opens_the_bidders_own_envelope() -> None:
    bid = sealed_bid()
    back = age_encryption("decrypt", identity=identity("b").secret_text(), data=b64(bid.data))["data"]
    assert opened(bid.data, identity("b")) == base64.b64decode(back)


def test_the_age_tool_opens_the_bidders_own_envelope(tmp_path: Path) -> None:
    path = tmp_path / "bidder.txt"
    path.write_text(identity("b").secret_text() + "\n")
    bid = sealed_bid()
    package = subprocess.run(
        [age_tool(), "-d", "-i", str(path)], input=bid.data, capture_output=True, check=True
    ).stdout
    assert all(content in package for content in FILES.values())
    assert opened(bid.data, identity("b")) == package
