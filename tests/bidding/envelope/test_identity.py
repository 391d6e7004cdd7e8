"""Identity files: ours and other tools', in the clear and under a passphrase."""

from __future__ import annotations

import io

import pyrage
import pytest

from bidding.envelope import bech32
from bidding.envelope.age import encrypt
from bidding.envelope.identity import MAX_FILE, known_identities, read_identities, read_recipients, write_identity
from bidding.envelope.scrypt import Passphrase
from bidding.envelope.x25519 import Identity
from ledger.errors import Refused

KEY = Identity(bytes(range(32)))
OTHER = Identity(bytes(range(1, 33)))
PLAIN = f"# created: 2026-03-02\n# public key: {KEY.recipient}\n\n{KEY.secret_text()}\r\n{OTHER.secret_text()}"


def never() -> str:
    raise AssertionError("asked for a passphrase without need")


def test_a_plain_file_gives_its_keys_without_asking() -> None:
    assert read_identities(PLAIN.encode(), never) == [KEY, OTHER]


def test_a_file_under_a_passphrase_asks_for_it() -> None:
    sealed = write_identity(KEY, "口令")
    assert sealed.startswith(b"-----BEGIN AGE")
    assert read_identities(sealed, lambda: "口令") == [KEY]
    assert pyrage.passphrase.decrypt(sealed, "口令").decode().splitlines()[1] == KEY.secret_text()
    with pytest.raises(Refused) as refusal:
        read_identities(sealed, lambda: "another")
    assert refusal.value.codes == ["bidding.no_match"]
    with pytest.raises(Refused) as missing:
        read_identities(sealed)
    assert missing.value.codes == ["bidding.passphrase_missing"]


def test_a_binary_file_under_a_passphrase_is_read_too() -> None:
    sealed = io.BytesIO()
    encrypt(io.BytesIO(PLAIN.encode()), sealed, [Passphrase("p", 4)])
    assert read_identities(sealed.getvalue(), lambda: "p") == [KEY, OTHER]


def test_a_file_sealed_to_a_key_is_no_identity_file() -> None:
    sealed = io.BytesIO()
    encrypt(io.BytesIO(PLAIN.encode()), sealed, [KEY.recipient])
    with pytest.raises(Refused) as refusal:
        read_identities(sealed.getvalue(), lambda: "p")
    assert refusal.value.codes == ["bidding.no_match"]


def test_keys_of_other_kinds_open_nothing_and_are_no_keys_to_seal_with() -> None:
    kinds = {"age-secret-key-pq-": bytes(32), "age-plugin-yubikey-": b""}
    others = [bech32.encode(kind, key).upper() for kind, key in kinds.items()]
    data = "\n".join([others[0], KEY.secret_text(), others[1]]).encode()
    assert known_identities(data) == [KEY]
    assert known_identities("\n".join(others).encode()) == []
    for text in (data, f"{others[0][:-1]}Q".encode(), b"ssh-ed25519 AAAA"):
        with pytest.raises(Refused) as refusal:
            read_identities(text)
        assert refusal.value.codes == ["bidding.key_text"]
    with pytest.raises(Refused):
        known_identities(f"{KEY.secret_text()}\n{others[0][:-1]}Q".encode())


@pytest.mark.parametrize("data", [b"", b"# nothing\n", "密钥".encode(), b"#" * (MAX_FILE + 1)])
def test_a_file_without_keys_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read_identities(data)
    assert refusal.value.codes == ["bidding.key_file"]


def test_a_file_of_recipients() -> None:
    assert read_recipients(f"# us\n{KEY.recipient}\n\n{OTHER.recipient}\n".encode()) == [KEY.recipient, OTHER.recipient]
    with pytest.raises(Refused):
        read_recipients(PLAIN.encode())
