"""RFC 3161: our authority answers what openssl and another's client verify; every way to mend an answer is refused."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import rfc3161_client
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from ledger import timestamps
from ledger.errors import Refused
from ledger.timestamp_authority import POLICY, respond

AT = datetime.fromisoformat("2026-03-02T09:00:00.123456+08:00")
DATA = b"the signature of a receipt"


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(
    key: EllipticCurvePrivateKey, subject: str, issuer: str, signer: EllipticCurvePrivateKey, *, purpose: str = ""
) -> x509.Certificate:
    """`purpose`: "" for an authority, else the extended key usage: stamps, uncritical, other."""
    builder = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=1)).not_valid_after(AT + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=not purpose, path_length=None), critical=True)
    )  # fmt: skip
    usage = ExtendedKeyUsageOID.CODE_SIGNING if purpose == "other" else ExtendedKeyUsageOID.TIME_STAMPING
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=purpose != "uncritical")
    return builder.sign(signer, hashes.SHA256())


ROOT_KEY, KEY = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
ROOT = certificate(ROOT_KEY, "root", "root", ROOT_KEY)
OWN = certificate(KEY, "stamps", "root", ROOT_KEY, purpose="stamps")
TOKEN = respond(timestamps.ask(DATA).query, OWN, KEY, AT, 7)


def codes(response: bytes, data: bytes = DATA, root: x509.Certificate = ROOT, nonce: int | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        timestamps.check(response, data, [root], nonce)
    return caught.value.codes


def test_the_answer_says_the_time_and_repeats_the_nonce() -> None:
    asked = timestamps.ask(DATA)
    token = respond(asked.query, OWN, KEY, AT, 7)
    assert timestamps.check(token, DATA, [ROOT], asked.nonce) == AT.replace(microsecond=0)
    assert codes(token, nonce=(asked.nonce or 0) + 1) == ["timestamp.wrong"]


def test_openssl_verifies_it(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    for file, data in (("token", TOKEN), ("data", DATA), ("root.pem", ROOT.public_bytes(Encoding.PEM))):
        (tmp_path / file).write_bytes(data)
    command = ["openssl", "ts", "-verify", "-in", "token", "-data", "data", "-CAfile", "root.pem"]
    command += ["-attime", str(int(AT.timestamp()))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "data").write_bytes(DATA + b"!")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_openssl_asks_and_we_answer(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "root.pem").write_bytes(ROOT.public_bytes(Encoding.PEM))
    ask = ["openssl", "ts", "-query", "-data", "data", "-sha512", "-cert", "-out", "query"]
    subprocess.run(ask, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "token").write_bytes(respond((tmp_path / "query").read_bytes(), OWN, KEY, AT, 9))
    verify = ["openssl", "ts", "-verify", "-in", "token", "-queryfile", "query", "-CAfile", "root.pem"]
    verify += ["-attime", str(int(AT.timestamp()))]
    done = subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_over_other_data_or_from_a_stranger_it_does_not_hold() -> None:
    assert codes(TOKEN, DATA + b"!") == ["timestamp.wrong"]
    stranger = generate_private_key(SECP256R1())
    assert codes(TOKEN, root=certificate(stranger, "root", "root", stranger)) == ["timestamp.wrong"]


@pytest.mark.parametrize("purpose", ["uncritical", "other"])
def test_a_certificate_for_another_purpose_stamps_nothing(purpose: str) -> None:
    other = certificate(KEY, "stamps", "root", ROOT_KEY, purpose=purpose)
    assert codes(respond(timestamps.ask(DATA).query, other, KEY, AT, 7)) == ["timestamp.wrong"]


def test_after_the_certificate_has_run_out_it_stamps_nothing() -> None:
    late = respond(timestamps.ask(DATA).query, OWN, KEY, AT + timedelta(days=31), 7)
    assert codes(late) == ["timestamp.wrong"]


def request(**changes: object) -> bytes:
    """A request with fields of its own."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}
    facts = {"version": "v1", "message_imprint": imprint, "cert_req": True, **changes}
    return bytes(tsp.TimeStampReq(facts).dump())


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (b"", "bad_data_format"),
        (b"\x30", "bad_data_format"),
        (b"\x00" * 5000, "bad_data_format"),
        (request(version="v2"), "bad_data_format"),
        (request(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": bytes(20)}), "bad_alg"),
        (
            request(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(20)}),
            "bad_data_format",
        ),
        (request(req_policy="1.2.3.4"), "unaccepted_policy"),
        (request(extensions=[{"extn_id": "1.2.3", "extn_value": b"x"}]), "unaccepted_extensions"),
    ],
)
def test_an_unfit_request_is_rejected_with_its_reason(query: bytes, why: str) -> None:
    answer = respond(query, OWN, KEY, AT, 7)
    assert codes(answer) == ["timestamp.rejected"]
    status = tsp.PKIStatusInfo.load(answer[2:])
    assert (status["status"].native, status["fail_info"].native) == ("rejection", {why})


def test_our_policy_may_be_asked_for() -> None:
    token = respond(request(req_policy=POLICY), OWN, KEY, AT, 7)
    assert rfc3161_client.decode_timestamp_response(token).tst_info.policy.dotted_string == POLICY


@given(st.binary(max_size=300))
def test_what_is_no_answer_is_refused(response: bytes) -> None:
    assert codes(response)[0] in {"timestamp.malformed", "timestamp.rejected", "timestamp.wrong"}


@given(st.integers(0, len(TOKEN) * 8 - 1))
def test_a_changed_bit_gives_no_other_time(bit: int) -> None:
    """Bits outside what is signed may change without harm; none of them can say another time or other data."""
    changed = bytearray(TOKEN)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        found = timestamps.check(bytes(changed), DATA, [ROOT])
    except Refused:
        return
    assert found == AT.replace(microsecond=0)
