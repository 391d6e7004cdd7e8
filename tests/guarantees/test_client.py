"""The guarantor's client issues a cover that the site reads, without Django."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from guarantees.cover import read
from trading.authority import issue, name_of, new_authority

AT = datetime(2026, 3, 2, tzinfo=UTC)
ARGUMENTS = (
    "issue --number BH-7 --lot sl-2026-001-1 --beneficiary B --bidder C --issuer D --amount 200000 "
    "--since 2026-03-02T00:00:00+08:00 --until 2026-09-02T00:00:00+08:00 --signer signer.pem --out cover"
)


def run(folder: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "guarantees.client", *arguments.split()]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )


def test_an_issued_cover_is_read_by_the_site(tmp_path: Path) -> None:
    root, key = new_authority(), ec.generate_private_key(ec.SECP256R1())
    certificate = issue(root, name_of("Bank"), key.public_key(), AT)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signer.pem").write_bytes(pem + certificate.public_bytes(Encoding.PEM))
    done = run(tmp_path, ARGUMENTS)
    assert (done.returncode, done.stderr) == (0, "")
    cover = read((tmp_path / "cover").read_bytes(), [root.certificate], AT)
    assert (cover.terms.number, cover.terms.amount, cover.certificate) == ("BH-7", Decimal("200000.00"), certificate)


def test_a_missing_key_is_one_line_and_exit_one(tmp_path: Path) -> None:
    done = run(tmp_path, ARGUMENTS)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
