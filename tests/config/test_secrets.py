"""Secrets are made once, for their owner alone, and never again."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

from config.secrets import SecretStore, key_text, receipt_text, session_text

NAME = "SUNLIGHT_TRIAL_KEY"


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first, second = SecretStore(folder), SecretStore(folder)

    made = first.key(NAME)

    assert second.key(NAME) == made
    assert len(made) == 32
    assert [path.name for path in folder.iterdir()] == ["trial_key"]
    assert stat.S_IMODE((folder / "trial_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (first.generated, second.generated) == ([NAME], [NAME])


def test_processes_that_start_together_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: SecretStore(tmp_path / "secrets").key(NAME), range(64)))

    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["trial_key"]


def test_what_the_environment_gives_is_taken_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(NAME, "ab" * 32)
    store = SecretStore(tmp_path / "secrets")

    assert store.key(NAME) == b"\xab" * 32
    assert (store.generated, (tmp_path / "secrets").exists()) == ([], False)


@pytest.mark.parametrize("text", ["ab" * 31, "ab" * 33, "zz" * 32, "passphrase"])
def test_a_key_of_another_shape_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    monkeypatch.setenv(NAME, text)

    with pytest.raises(ImproperlyConfigured) as refusal:
        SecretStore(tmp_path).key(NAME)

    assert str(refusal.value) == f"{NAME} must be 64 hexadecimal digits"


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    SecretStore(tmp_path).key(NAME)
    (tmp_path / "trial_key").chmod(0o640)

    with pytest.raises(ImproperlyConfigured, match="may be read by others"):
        SecretStore(tmp_path).key(NAME)


def test_a_secret_cut_short_is_refused_and_not_made_again(tmp_path: Path) -> None:
    SecretStore(tmp_path).key(NAME)
    (tmp_path / "trial_key").write_text("")

    with pytest.raises(ImproperlyConfigured, match="is empty"):
        SecretStore(tmp_path).key(NAME)


def test_each_kind_is_what_it_says(tmp_path: Path) -> None:
    receipt = load_pem_private_key(receipt_text().encode(), None)

    assert isinstance(receipt, EllipticCurvePrivateKey)
    assert receipt.curve.name == "secp256r1"
    assert (len(bytes.fromhex(key_text())), len(session_text()) > 60) == (32, True)
