"""The whole log: what was veiled is lifted when nothing in it is sealed, and whoever hides a leaf for ever is found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import lifting, merkle, note, tiles
from ledger.events import Stamp, VeiledFiller, read_entry, veiled_leaf, write_entry
from ledger.models import EntryRow
from supervision.events import TrailCounted
from supervision.verifier import mirror
from supervision.verifier.case import LIFTED, VEILED
from supervision.verifier.trust import LogKey
from supervision.verifier.whole_log import NOTICED, UNSEALED, check_log
from tests.architecture.house import ROOT
from tests.bidding.scenes import Scene
from tests.supervision.flow import Flow, whole
from tests.supervision.forger import changed, written

KEY = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)
TRUSTED = LogKey("sunlight.invalid/log", note.raw_public(KEY.public_key()))


@dataclass
class Log:
    """Every leaf of a log, which its owner signs again whatever it says."""

    leaves: list[bytes]

    def where(self, *tags: str) -> list[int]:
        """The indexes of the entries under these tags."""
        return [index for index, leaf in enumerate(self.leaves) if read_entry(leaf).tag in tags]

    def hide(self, index: int) -> None:
        """A veiled leaf before `index` that is never lifted; what names a place behind it names the next one."""
        stamp = Stamp(os.urandom(16), read_entry(self.leaves[self.where(NOTICED)[0]]).stamp.at, None)  # type: ignore[union-attr]
        self.leaves.insert(index, veiled_leaf(os.urandom(32), write_entry(VeiledFiller(), stamp)))
        for at in self.where(LIFTED):
            entry = read_entry(self.leaves[at])
            if entry.values["index"] >= index:
                self.leaves[at] = written(changed(entry, index=entry.values["index"] + 1))

    def pass_(self, hours: int) -> None:
        """An entry that is so much later."""
        late = max(entry.stamp.at for leaf in self.leaves if (entry := read_entry(leaf)).stamp)
        stamp = Stamp(os.urandom(16), late + timedelta(hours=hours), "clock")
        self.leaves.append(write_entry(TrailCounted("x", 0, 0, bytes(32)), stamp))

    def codes(self) -> list[str]:
        """What the check says."""
        state = note.Checkpoint(TRUSTED.name, len(self.leaves), merkle.root_of([*map(merkle.leaf_hash, self.leaves)]))
        return [fault.code for fault in check_log(note.sign(state, KEY), self.leaves, TRUSTED)]


_made: list[list[bytes]] = []


@pytest.fixture
def log(scene: Scene) -> Log:
    """The log of a whole tender, made by the first test that asks."""
    if not _made:
        _made.append(whole_tender(whole(scene)))
    found = Log(list(_made[0]))
    found.pass_(48)
    return found


def whole_tender(flow: Flow) -> list[bytes]:
    """Every leaf once nothing is left to lift."""
    while lifting.lift_due():
        flow.world.sequence()
    rows = EntryRow.objects.filter(place__isnull=False).order_by("place__index")
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


def hidden_for_ever(log: Log) -> None:
    log.hide(log.where(VEILED)[0])


def never_lifted(log: Log) -> None:
    del log.leaves[log.where(LIFTED)[-1]]


def lifted_twice(log: Log) -> None:
    log.leaves.append(log.leaves[log.where(LIFTED)[0]])


def lifted_to_another(log: Log) -> None:
    at = log.where(LIFTED)[0]
    log.leaves[at] = written(changed(read_entry(log.leaves[at]), salt=bytes(32)))


def lifted_before_it_came(log: Log) -> None:
    log.leaves.insert(0, log.leaves[log.where(LIFTED)[0]])


def unknown_kind(log: Log) -> None:
    log.leaves[0] = log.leaves[0].replace(b":", b";", 1)


LIES: dict[str, Callable[[Log], None]] = {
    "verify.not_lifted": hidden_for_ever,
    "verify.not_lifted ": never_lifted,
    "verify.log_lift": lifted_twice,
    "verify.veil": lifted_to_another,
    "verify.log_lift ": lifted_before_it_came,
    "verify.not_canonical": unknown_kind,
}


def test_a_true_log_has_no_fault(log: Log) -> None:
    assert len(log.where(VEILED)) == len(log.where(LIFTED)) > 10
    assert len(log.where(*UNSEALED)) == len(log.where(NOTICED)) == 3
    assert log.codes() == []


@pytest.mark.parametrize("code", LIES)
def test_a_lie_is_found(log: Log, code: str) -> None:
    LIES[code](log)
    assert code.strip() in log.codes()


def test_what_is_still_sealed_or_was_opened_an_hour_ago_may_wait(log: Log) -> None:
    opened = log.where(*UNSEALED)[-1]
    del log.leaves[opened + 1 :]
    log.hide(opened)
    log.pass_(1)
    assert log.codes() == []
    log.pass_(24)
    assert set(log.codes()) == {"verify.not_lifted"}


def test_another_root_or_key_is_found(log: Log) -> None:
    state = note.Checkpoint(TRUSTED.name, len(log.leaves), bytes(32))
    assert [fault.code for fault in check_log(note.sign(state, KEY), log.leaves, TRUSTED)] == ["verify.log_root"]
    other = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
    assert [fault.code for fault in check_log(note.sign(state, other), log.leaves, TRUSTED)] == ["verify.checkpoint"]


def test_a_state_kept_from_before_is_one_that_the_log_went_through(log: Log) -> None:
    size, hashes = len(log.leaves), [*map(merkle.leaf_hash, log.leaves)]
    now = note.sign(note.Checkpoint(TRUSTED.name, size, merkle.root_of(hashes)), KEY)
    kept = [note.Checkpoint(TRUSTED.name, some, merkle.root_of(hashes[:some])) for some in (0, 1, size // 2, size)]
    assert list(check_log(now, log.leaves, TRUSTED, kept)) == []
    for one in (
        note.Checkpoint(TRUSTED.name, 1, merkle.root_of(hashes[1:2])),
        note.Checkpoint(TRUSTED.name, size // 2, kept[3].root),
        note.Checkpoint(TRUSTED.name, size + 1, kept[3].root),
    ):
        assert [fault.code for fault in check_log(now, log.leaves, TRUSTED, [one])] == ["verify.log_rewritten"]


def test_a_copy_of_what_the_site_serves_is_checked(log: Log, tmp_path: Path) -> None:
    found = note.Checkpoint(TRUSTED.name, len(log.leaves), merkle.root_of([*map(merkle.leaf_hash, log.leaves)]))
    (tmp_path / "log.key").write_text(note.verifier_key(TRUSTED.name, TRUSTED.public))
    (tmp_path / "checkpoint").write_bytes(note.sign(found, KEY))
    for start in range(0, found.size, tiles.WIDTH):
        some = log.leaves[start : start + tiles.WIDTH]
        path = tmp_path / tiles.tile_path("entries", start // tiles.WIDTH, len(some))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tiles.bundle(some))
    command = [sys.executable, "-m", "supervision.verifier.mirror", str(tmp_path), "--language", "en"]
    command += ["--log-key", str(tmp_path / "log.key")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (f"{found.size} entries, 0 faults\n", 0)
    before = note.Checkpoint(TRUSTED.name, 5, merkle.root_of([merkle.leaf_hash(leaf) for leaf in log.leaves[:5]]))
    for kept, status in ((before, 0), (replace(before, root=bytes(32)), 1), (replace(before, origin="other"), 2)):
        (tmp_path / "kept").write_bytes(note.sign(kept, KEY))
        assert mirror.main([*command[3:], "--checkpoint", str(tmp_path / "kept")]) == status
    bundle = tmp_path / tiles.tile_path("entries", 0, min(found.size, tiles.WIDTH))
    served = bundle.read_bytes()
    bundle.write_bytes(served[:-1] + bytes([served[-1] ^ 1]))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "[verify.log_root]" in done.stdout
    assert done.returncode == 1
