"""The rules of the whole log, each on a short log of its own: what is found, in which words, to the second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import merkle, note
from ledger.canon import EPOCH
from ledger.events import Stamp, VeiledFiller, commit_veiled, veiled_leaf, write_entry
from supervision.verifier.case import LIFTED
from supervision.verifier.trust import LogKey
from supervision.verifier.whole_log import GRACE, NOTICED, UNSEALED, check_log
from tests.supervision.forger import changed, written
from tests.supervision.verifier.saved import case_of

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in (9, 8))
TRUSTED = LogKey("sunlight.invalid/log", note.raw_public(KEY.public_key()))
OPENED, CLOSING = "bidding:lot:opened", "trading:lot:closing"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def says(tag: str, lot: str, late: timedelta = timedelta()) -> bytes:
    """An entry of a kind about a lot, so long after noon."""
    return written(changed(case_of("whole").all(tag)[0].entry, lot=lot, at=NOON + late))


def salt(number: int) -> bytes:
    return bytes([number]) * 32


def inner(number: int) -> bytes:
    return write_entry(VeiledFiller(), Stamp(bytes([number]) * 16, NOON, None))


def veil(number: int) -> bytes:
    """A veiled leaf."""
    return veiled_leaf(salt(number), inner(number))


def lift(index: int, number: int, late: timedelta = timedelta()) -> bytes:
    """What takes a veil off the leaf at an index."""
    entry = case_of("whole").all(LIFTED)[0].entry
    return written(changed(entry, index=index, salt=salt(number), inner=inner(number), at=NOON + late))


def state_of(leaves: Sequence[bytes]) -> note.Checkpoint:
    return note.Checkpoint(TRUSTED.name, len(leaves), merkle.root_of([*map(merkle.leaf_hash, leaves)]))


def found(*leaves: bytes, kept: Sequence[note.Checkpoint] = ()) -> list[str]:
    """What is said of a log whose owner signed it."""
    return [str(one) for one in check_log(note.sign(state_of(leaves), KEY), leaves, TRUSTED, kept)]


def hidden(*indexes: int) -> list[str]:
    return [f"verify.not_lifted: The veil of entry {index} was never lifted." for index in indexes]


def test_a_log_without_entries() -> None:
    signed = note.sign(note.Checkpoint(TRUSTED.name, 0, merkle.EMPTY), KEY)
    assert list(check_log(signed, [], TRUSTED)) == []
    assert [one.code for one in check_log(signed, [veil(1)], TRUSTED)][:1] == ["verify.log_root"]


def test_what_came_under_no_seal_is_lifted_at_once() -> None:
    assert found(says(OPENED, "a"), veil(1)) == hidden(1)
    assert found(says(OPENED, "a"), veil(1), lift(1, 1)) == []


def test_what_came_under_a_seal_may_wait_for_it_and_a_day_more() -> None:
    sealed = (says(NOTICED, "a"), veil(1))
    assert found(*sealed) == []
    assert found(*sealed, says(CLOSING, "a", 48 * HOUR)) == []
    for tag in sorted(UNSEALED - {"bidding:opening:failed"}):
        opened = (*sealed, says(tag, "a", HOUR))
        assert found(*opened) == []
        assert found(*opened, says(CLOSING, "a", HOUR + GRACE)) == []
        assert found(*opened, says(CLOSING, "a", HOUR + GRACE + SECOND)) == hidden(1)
        assert found(*opened, lift(1, 1, HOUR + GRACE + SECOND)) == []


def test_the_last_of_the_lots_that_were_sealed_counts() -> None:
    sealed = (says(NOTICED, "a"), says(NOTICED, "b"), veil(1), veil(2), lift(2, 1))
    first = (*sealed, says(OPENED, "a", HOUR))
    assert found(*first, says(CLOSING, "a", 72 * HOUR)) == []
    assert found(*first, says(OPENED, "b", 50 * HOUR), says(CLOSING, "a", 74 * HOUR)) == []
    assert found(*first, says(OPENED, "b", 50 * HOUR), says(CLOSING, "a", 74 * HOUR + SECOND)) == hidden(3)
    turned = (*sealed, says(OPENED, "b", HOUR), says(OPENED, "a", 50 * HOUR))
    assert found(*turned, says(CLOSING, "a", 74 * HOUR)) == []


def test_a_lot_that_was_sealed_later_does_not_count() -> None:
    log = (says(NOTICED, "a"), veil(1), says(NOTICED, "b"), veil(2), says(OPENED, "a", HOUR))
    assert found(*log, says(CLOSING, "a", 48 * HOUR)) == hidden(1)
    assert found(*log, says(OPENED, "b", 48 * HOUR), says(CLOSING, "a", 96 * HOUR)) == hidden(1, 3)


def test_what_may_wait_hides_nothing_else() -> None:
    assert found(says(NOTICED, "a"), veil(1), says(OPENED, "a", HOUR), veil(2)) == hidden(3)


def test_a_lot_is_unsealed_once() -> None:
    log = (says(NOTICED, "a"), veil(1), says(OPENED, "a", HOUR), says(OPENED, "a", 30 * HOUR))
    assert found(*log) == hidden(1)
    assert found(says(NOTICED, "a"), veil(1), says(OPENED, "b", HOUR), says(CLOSING, "a", 48 * HOUR)) == []


def test_time_does_not_run_backwards() -> None:
    log = (says(NOTICED, "a"), veil(1), says(OPENED, "a", HOUR))
    assert found(*log, says(CLOSING, "a", 48 * HOUR), says(CLOSING, "a", HOUR)) == hidden(1)
    assert found(says(NOTICED, "a"), veil(1), says(CLOSING, "a", 9 * HOUR), says(OPENED, "a", HOUR),
                 says(CLOSING, "a", 9 * HOUR + GRACE)) == []  # fmt: skip


def lifts(index: int, about: int) -> str:
    return (
        f"verify.log_lift: Entry {index} lifts entry {about}, which is no veiled leaf before it or was lifted before."
    )


def test_a_veil_is_lifted_once_and_later_and_is_what_was_veiled() -> None:
    assert found(veil(1), lift(0, 1), lift(0, 1)) == [lifts(2, 0)]
    assert found(says(NOTICED, "a"), lift(2, 1), veil(1)) == [lifts(1, 2)]
    assert found(says(NOTICED, "a"), lift(0, 1)) == [lifts(1, 0)]
    assert found(says(NOTICED, "a"), lift(1, 1)) == [lifts(1, 1)]
    wrong = "verify.veil: What was lifted from entry 0 is not what was veiled."
    assert found(veil(1), lift(0, 2)) == [wrong]
    assert commit_veiled(salt(1), inner(2)) != commit_veiled(salt(1), inner(1))
    entry = case_of("whole").all(LIFTED)[0].entry
    for other in ({"salt": salt(2), "inner": inner(1)}, {"salt": salt(1), "inner": inner(2)}):
        assert found(veil(1), written(changed(entry, index=0, at=NOON, **other))) == [wrong]


def test_what_is_no_entry_is_named_and_the_rest_is_read() -> None:
    said = found(b"x", veil(1), lift(1, 1), b"")
    assert [one[: one.index(": ", 22)] for one in said] == [
        "verify.not_canonical: Entry 0 is not written as an entry of this house",
        "verify.not_canonical: Entry 3 is not written as an entry of this house",
    ]
    assert all(not one.endswith((": None.", ": .")) for one in said)


LOG = (says(NOTICED, "a"), veil(1), lift(1, 1))


@pytest.mark.parametrize("size", range(4))
def test_the_log_went_through_what_was_kept(size: int) -> None:
    true = state_of(LOG[:size])
    assert found(*LOG, kept=[true, state_of(LOG)]) == []
    said = f"verify.log_rewritten: The log never was in the state of {size} entries that was signed before."
    assert found(*LOG, kept=[state_of(LOG), replace(true, root=bytes(32)), state_of(LOG[:1])]) == [said]


def test_the_log_never_was_longer_than_it_is() -> None:
    longer = state_of((*LOG, veil(2)))
    assert [one.partition(":")[0] for one in found(*LOG, kept=[longer, longer])] == ["verify.log_rewritten"] * 2


def test_the_checkpoint_is_that_of_the_log_and_of_these_leaves() -> None:
    state, many = state_of(LOG), (*LOG, veil(2))
    wrong = "verify.log_root: The checkpoint signs another log than these 3 entries."
    for other in (
        replace(state, origin="sunlight.invalid/other"),
        replace(state, size=2),
        replace(state, root=bytes(32)),
    ):
        assert [str(one) for one in check_log(note.sign(other, KEY), LOG, TRUSTED)] == [wrong]
    (fault,) = check_log(note.sign(state_of(many), OTHER), many, TRUSTED)
    assert fault.code == "verify.checkpoint"
    assert str(fault).startswith("verify.checkpoint: The checkpoint does not hold: ")
    assert fault.facts["why"] not in {"", "None"}


def test_what_is_hidden_is_said_under_another_root_too() -> None:
    log = (says(OPENED, "a"), veil(1))
    said = [one.code for one in check_log(note.sign(replace(state_of(log), root=bytes(32)), KEY), log, TRUSTED)]
    assert said == ["verify.log_root", "verify.not_lifted"]
    assert EPOCH < NOON
