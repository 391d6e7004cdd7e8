"""Pure. The whole log, whoever it is about: what a bundle of one tender cannot show (docs/verifying.md).

Enters: a signed checkpoint, the verifier's own copy of the log's key, every leaf in the order of the log. Leaves: the
faults, by letters:

A. The checkpoint is signed by the key of the log, and its root is that of these leaves.
B. Every leaf is written canonically, as an entry of a known kind.
C. Every lifted entry opens the veiled leaf that it names, once, and later.
D. Once no lot that was sealed when a veiled leaf came is sealed any more, the leaf is lifted within a day: nothing that
   was receipted can be passed off as a filler.
E. Every checkpoint that the verifier kept from before is signed by the same key, and is a state that this log went
   through: nothing in it was written anew since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ledger import merkle, note
from ledger.canon import EPOCH, Malformed
from ledger.errors import Broken, Reason, _
from ledger.events import Entry, commit_veiled, read_entry
from supervision.verifier.case import LIFTED, VEILED, fault
from supervision.verifier.trust import LogKey

NOTICED = "trading:lot:noticed"
UNSEALED = frozenset({"bidding:lot:opened", "bidding:lot:failed", "bidding:opening:failed"})
GRACE = timedelta(days=1)


@dataclass
class Walk:
    """How far the log has been read. `groups`: the veiled leaves by the lots that were sealed when they came."""

    now: datetime = EPOCH
    sealed: frozenset[str] = frozenset()
    groups: dict[frozenset[str], list[int]] = field(default_factory=dict)
    hidden: dict[int, bytes] = field(default_factory=dict)
    freed: dict[str, datetime] = field(default_factory=dict)

    def step(self, index: int, entry: Entry) -> Iterator[Reason]:
        """The entry at `index`, and what is wrong with it."""
        if entry.stamp is not None:
            self.now = max(self.now, entry.stamp.at)
        lot = str(entry.values.get("lot", ""))
        if entry.tag == VEILED:
            self.groups.setdefault(self.sealed, []).append(index)
            self.hidden[index] = entry.values["commitment"].digest
        elif entry.tag == LIFTED:
            yield from self._lift(index, entry)
        elif entry.tag == NOTICED:
            self.sealed |= {lot}
        elif entry.tag in UNSEALED and lot in self.sealed:
            self.sealed -= {lot}
            self.freed[lot] = self.now

    def _lift(self, index: int, entry: Entry) -> Iterator[Reason]:
        about = entry.values["index"]
        found = self.hidden.pop(about, None)
        if found is None:
            text = _("Entry %(index)s lifts entry %(about)s, which is no veiled leaf before it or was lifted before.")
            yield fault("log_lift", text, index=index, about=about)
        elif found != commit_veiled(entry.values["salt"], entry.values["inner"]).digest:
            yield fault("veil", _("What was lifted from entry %(index)s is not what was veiled."), index=about)

    def left(self) -> Iterator[Reason]:
        """The veiled leaves that should have been lifted by now."""
        for lots, indexes in self.groups.items():
            if lots & self.sealed or self.now - max((self.freed[lot] for lot in lots), default=EPOCH) <= GRACE:
                continue
            for index in (index for index in indexes if index in self.hidden):
                yield fault("not_lifted", _("The veil of entry %(index)s was never lifted."), index=index)


def check_log(
    signed: bytes, leaves: Iterable[bytes], key: LogKey, kept: Sequence[note.Checkpoint] = ()
) -> Iterator[Reason]:
    """Checks A to E; `kept` are the checkpoints from before, their signatures checked (`mirror.kept_before`)."""
    walk, edge, size = Walk(), list[tuple[int, bytes]](), 0
    gone_through = {0: merkle.EMPTY}
    for index, leaf in enumerate(leaves):
        edge, size = merkle.grow(edge, merkle.leaf_hash(leaf)), index + 1
        if any(one.size == size for one in kept):
            gone_through[size] = merkle.edge_root(edge)
        try:
            entry = read_entry(leaf)
        except Malformed as error:
            text = _("Entry %(index)s is not written as an entry of this house: %(why)s.")
            yield fault("not_canonical", text, index=index, why=error)
        else:
            yield from walk.step(index, entry)
    for one in kept:
        if gone_through.get(one.size) != one.root:
            text = _("The log never was in the state of %(size)s entries that was signed before.")
            yield fault("log_rewritten", text, size=one.size)
    try:
        state = note.read(signed, key.public)
    except Broken as error:
        yield fault("checkpoint", _("The checkpoint does not hold: %(why)s."), why=error)
        return
    if (state.origin, state.size, state.root) != (key.name, size, merkle.edge_root(edge)):
        yield fault("log_root", _("The checkpoint signs another log than these %(size)s entries."), size=size)
    yield from walk.left()
