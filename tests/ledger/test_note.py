"""Checkpoints in the C2SP form: signed, read, and refused when anything is off."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import Broken
from ledger.note import Checkpoint, raw_public, read, sign, verifier_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = raw_public(KEY.public_key())
POINT = Checkpoint("sunlight.example/log", 20_852_163, b"\x17" * 32)


def test_checkpoint_bytes_are_pinned() -> None:
    assert sign(POINT, KEY).decode() == (
        "sunlight.example/log\n20852163\nFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxc=\n\n"
        + sign(POINT, KEY).decode().splitlines()[-1]
        + "\n"
    )
    assert sign(POINT, KEY).decode().splitlines()[-1].startswith("— sunlight.example/log ")
    assert read(sign(POINT, KEY), PUBLIC) == POINT


def test_another_key_or_name_is_refused() -> None:
    other = raw_public(Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key())
    with pytest.raises(Broken):
        read(sign(POINT, KEY), other)
    with pytest.raises(Broken):
        read(sign(POINT, KEY).replace(b"sunlight", b"moonlite"), PUBLIC)


def test_any_changed_bit_is_refused() -> None:
    for at in range(8 * len(sign(POINT, KEY))):
        note = bytearray(sign(POINT, KEY))
        note[at // 8] ^= 1 << at % 8
        with pytest.raises(Broken):
            read(bytes(note), PUBLIC)


def test_a_signature_that_is_no_base64_is_refused() -> None:
    for blob in ("", "*", "é", "\U00020000", "AAAA é"):
        with pytest.raises(Broken):
            read(f"{POINT.text()}\n— {POINT.origin} {blob}\n".encode(), PUBLIC)


def test_an_unknown_signature_beside_ours_is_passed_over() -> None:
    assert read(sign(POINT, KEY) + "— witness.example AAAAAAAA\n".encode(), PUBLIC) == POINT


def test_sizes_have_one_spelling() -> None:
    for text in ("020852163", "+20852163", "20852163 "):
        with pytest.raises(Broken):
            read(sign(POINT, KEY).replace(b"\n20852163\n", f"\n{text}\n".encode()), PUBLIC)


def test_verifier_key_has_the_signed_note_form() -> None:
    name, mark, key = verifier_key(POINT.origin, PUBLIC).split("+", 2)
    assert (name, len(mark), len(key)) == (POINT.origin, 8, 44)
