"""CMS signatures: ours are checked by openssl, and everything that is off is refused with its code."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from ledger import cms
from ledger.errors import Refused
from trading.authority import Authority, issue, name_of, new_authority

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROOT = new_authority()
KEY = ec.generate_private_key(ec.SECP256R1())
CERTIFICATE = issue(ROOT, name_of("Li Ming", "Harbour Works", "914601000000000001"), KEY.public_key(), AT)
DATA = "投标文件\n".encode()


def codes(data: bytes, signature: bytes, root: Authority = ROOT, at: datetime = AT) -> list[str]:
    with pytest.raises(Refused) as refusal:
        cms.verify(data, signature, [root.certificate], at)
    return refusal.value.codes


def test_a_signature_names_its_signer() -> None:
    assert cms.verify(DATA, cms.sign(DATA, CERTIFICATE, KEY), [ROOT.certificate], AT) == CERTIFICATE


def test_openssl_checks_our_signature(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl tool")
    for name, content in {
        "data": DATA,
        "data.p7s": cms.sign(DATA, CERTIFICATE, KEY),
        "root.pem": ROOT.certificate.public_bytes(Encoding.PEM),
    }.items():
        (tmp_path / name).write_bytes(content)
    command = "openssl cms -verify -binary -inform DER -in data.p7s -content data -CAfile root.pem -purpose any"
    moment = str(int(AT.timestamp()))
    done = subprocess.run([*command.split(), "-attime", moment], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, DATA)


def test_other_data_other_root_other_time_are_refused() -> None:
    signature = cms.sign(DATA, CERTIFICATE, KEY)
    assert codes(DATA + b" ", signature) == ["signature.other_data"]
    assert codes(DATA, signature, new_authority()) == ["signature.untrusted"]
    assert codes(DATA, signature, at=AT - timedelta(days=2)) == ["signature.untrusted"]
    assert codes(DATA, signature, at=AT + timedelta(days=800)) == ["signature.untrusted"]
    assert codes(DATA, b"") == ["signature.malformed"]
    assert codes(DATA, signature + b"\0") == ["signature.malformed"]


def test_a_certificate_cannot_issue_another() -> None:
    own = Authority(CERTIFICATE, KEY)
    key = ec.generate_private_key(ec.SECP256R1())
    forged = issue(own, name_of("Mallory"), key.public_key(), AT)
    assert codes(DATA, cms.sign(DATA, forged, key)) == ["signature.untrusted"]


def test_any_changed_byte_is_refused() -> None:
    signature = cms.sign(DATA, CERTIFICATE, KEY)
    for at in range(len(signature)):
        wrong = bytearray(signature)
        wrong[at] ^= 0x40
        try:
            found = cms.verify(DATA, bytes(wrong), [ROOT.certificate], AT)
        except Refused:
            continue
        # Bytes that no check covers (an unused optional field) must still name the same signer.
        assert found == CERTIFICATE


def test_an_rsa_signer_is_refused() -> None:
    key = rsa.generate_private_key(65537, 2048)
    certificate = issue(ROOT, name_of("Old key"), key.public_key(), AT)  # type: ignore[arg-type]
    assert codes(DATA, cms.sign(DATA, certificate, key)) == ["signature.algorithm"]  # type: ignore[arg-type]
