"""The one rule of a witness: signed, consistent, stored before it answers, never two roots for one size."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from ledger import note
from ledger.errors import Broken
from ledger.note import Checkpoint
from ledger.witness.asking import Question, write
from ledger.witness.clerk import Clerk
from ledger.witness.cosignature import Witness, check
from ledger.witness.judging import RefusedToCosign, Seen
from ledger.witness.keeping import Keeper
from tests.ledger.witness.makers import NAME, NOON, ORIGIN, checkpoint, clerk, key, public, question


def refusal(folder: Path, *asked: Question) -> tuple[int, str]:
    """Status and body with which the last of these is refused, the ones before having been cosigned."""
    witness = clerk(folder)
    for one in asked[:-1]:
        witness.cosign(one)
    with pytest.raises(RefusedToCosign) as caught:
        witness.cosign(asked[-1])
    return caught.value.status, caught.value.body


def test_what_extends_the_last_is_cosigned_and_kept(tmp_path: Path) -> None:
    witness = clerk(tmp_path)
    for old, new in ((0, 3), (3, 3), (3, 8), (8, 300)):
        line = witness.answer(write(question(old, new)))
        assert check(line.rstrip("\n"), checkpoint(new), Witness(NAME, public(2))) == NOON
        assert witness.seen(ORIGIN) == Seen(new, checkpoint(new).root)


def test_another_history_is_never_cosigned(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a", question(0, 5), question(5, 9, "b"))[0] == 422
    assert refusal(tmp_path / "b", question(0, 5), question(5, 5, "b")) == (409, "5\n")


def test_the_old_size_must_be_the_kept_one_and_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a", question(0, 5), question(4, 9)) == (409, "5\n")
    assert refusal(tmp_path / "b", question(0, 5), question(0, 9)) == (409, "5\n")
    assert refusal(tmp_path / "c", question(2, 5)) == (409, "0\n")
    assert refusal(tmp_path / "d", replace(question(0, 5), old=6))[0] == 400


def test_a_proof_must_be_there_and_fit(tmp_path: Path) -> None:
    good = question(5, 9)
    bent = bytes([good.proof[0][0] ^ 1]) + good.proof[0][1:]
    for number, proof in enumerate([(), good.proof[:-1], (*good.proof, bytes(32)), (bent, *good.proof[1:])]):
        asked = replace(good, proof=proof)
        assert refusal(tmp_path / str(number), question(0, 5), asked)[0] == 422
    assert refusal(tmp_path / "first", replace(question(0, 5), proof=(bytes(32),)))[0] == 422


def test_strangers_and_forgers_are_told_apart(tmp_path: Path) -> None:
    other = replace(question(0, 5), note=note.sign(checkpoint(5, origin="log.example/two"), key(1)))
    assert refusal(tmp_path / "a", other)[0] == 404
    assert refusal(tmp_path / "b", question(0, 5, signer=3))[0] == 403
    assert refusal(tmp_path / "c", replace(question(0, 5), note=f"{ORIGIN}\nfive\n".encode()))[0] == 400
    assert refusal(tmp_path / "d", replace(question(0, 5), note=b"\xff"))[0] == 404


def test_signatures_of_others_beside_the_logs_do_no_harm(tmp_path: Path) -> None:
    blob = base64.b64encode(bytes(68)).decode()
    signed = question(0, 5).note + f"— somebody.else {blob}\n".encode()
    assert clerk(tmp_path).cosign(Question(0, (), signed)).startswith(f"— {NAME} ")


def test_it_is_kept_before_the_answer(tmp_path: Path) -> None:
    kept: list[Seen] = []

    def look() -> int:
        kept.append(witness.seen(ORIGIN))
        return NOON

    witness = Clerk(NAME, key(2), {ORIGIN: public(1)}, Keeper(tmp_path), seconds=look)
    witness.cosign(question(0, 5))
    assert kept == [Seen(5, checkpoint(5).root)]


def test_nothing_is_answered_where_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Keeper, _checkpoint: Checkpoint) -> None:
        raise OSError("no space left")

    witness = clerk(tmp_path)
    monkeypatch.setattr(Keeper, "keep", full)
    with pytest.raises(OSError, match="no space"):
        witness.cosign(question(0, 5))


def test_a_witness_goes_on_where_it_stopped_and_never_from_a_torn_memory(tmp_path: Path) -> None:
    first = Keeper(tmp_path)
    first.keep(checkpoint(5))
    with pytest.raises(Broken, match="another witness"):
        Keeper(tmp_path)
    first.close()
    again = Keeper(tmp_path)
    assert again.seen(ORIGIN) == Seen(5, checkpoint(5).root)
    next(tmp_path.glob("*.json")).write_text("{")
    with pytest.raises(Broken, match="cannot be read"):
        again.seen(ORIGIN)
