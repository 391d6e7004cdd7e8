"""The built-in timestamp authority: its key is made once, its certificate serves one purpose and is renewed in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.world import TestClock
from trading import authority, timestamping

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SECRETS_DIR = tmp_path
    return tmp_path


def test_its_key_is_made_once_and_is_its_owners_alone(clock: TestClock, folder: Path) -> None:
    first = timestamping.stamp(b"data")
    file = folder / "timestamps.pem"
    kept = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert timestamping.stamp(b"data").at == first.at == clock.now().replace(microsecond=0)
    assert file.read_bytes() == kept


def test_its_certificate_is_for_timestamps_alone(clock: TestClock, folder: Path) -> None:
    timestamping.stamp(b"data")
    made = x509.load_pem_x509_certificate((folder / "timestamps.pem").read_bytes())
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert (usage.critical, list(usage.value)) == (True, [ExtendedKeyUsageOID.TIME_STAMPING])
    made.verify_directly_issued_by(authority.built_in().certificate)


def test_it_is_renewed_with_the_same_key_before_it_has_run_out(clock: TestClock, folder: Path) -> None:
    timestamping.stamp(b"data")
    old = x509.load_pem_x509_certificate((folder / "timestamps.pem").read_bytes())
    clock.pass_(timedelta(days=3 * 365))
    stamped = timestamping.stamp(b"data")
    new = x509.load_pem_x509_certificate((folder / "timestamps.pem").read_bytes())
    assert stamped.at == clock.now().replace(microsecond=0)
    assert new.serial_number != old.serial_number
    assert new.public_key() == old.public_key()
