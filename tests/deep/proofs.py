"""A log of a million entries: how fast it is sequenced, how long a proof takes, how long the next batch and fsck take.

Entries are inserted in bulk and then go the ordinary way: queue, places, nodes, bundles and tiles in a folder, signed
checkpoint. SQLite in a file. `SUNLIGHT_DEEP_ENTRIES` is another number of them. Every proof is checked.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tests.bench import scratch
from tests.parts import say

COUNT = int(os.environ.get("SUNLIGHT_DEEP_ENTRIES", "1000000"))
PROOFS = 2_000
AT_ONCE = 20_000
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def insert(count: int) -> None:
    """So many open entries that wait for their places."""
    from ledger.canon import tag_of
    from ledger.events import Stamp, write_entry
    from ledger.models import EntryRow, Waiting
    from tests.ledger.crashed import LineWritten

    tag = tag_of(LineWritten)
    for start in range(0, count, AT_ONCE):
        stamps = (Stamp(os.urandom(16), NOW, "clock") for _each in range(min(AT_ONCE, count - start)))
        leaves = [write_entry(LineWritten(start + at), stamp) for at, stamp in enumerate(stamps)]
        rows = EntryRow.objects.bulk_create(EntryRow(leaf=leaf, tag=tag, scope="deep", at=NOW) for leaf in leaves)
        Waiting.objects.bulk_create(Waiting(entry=row, veiled=False) for row in rows)


def timed(name: str, ask: Callable[[int], bool], numbers: list[int]) -> None:
    """Ask for each number; say how long one takes. Every answer must hold."""
    taken = []
    for number in numbers:
        begun = time.perf_counter()
        holds = ask(number)
        taken.append(time.perf_counter() - begun)
        assert holds, f"{name} at {number} does not hold"
    taken.sort()
    p50, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.99))
    say(f"{name:<44}{p50:>8.2f} ms p50{p99:>8.2f} ms p99{len(taken) / sum(taken):>8.0f}/s")


def run() -> None:
    """Fill the log, then ask."""
    scratch.begin()
    from ledger import fsck, merkle, sequencer, tree
    from ledger.models import TreeState

    say(f"{COUNT} entries")
    say(f"{'inserting them':<44}{scratch.seconds(lambda: insert(COUNT)):>8.1f} s")
    begun = time.perf_counter()
    while sequencer.sequence():
        pass
    spent = time.perf_counter() - begun
    say(f"{'giving them places':<44}{spent:>8.1f} s  {COUNT / spent:>8.0f}/s")
    say(f"{'bundles, tiles, checkpoint':<44}{scratch.seconds(sequencer.publish):>8.1f} s")
    insert(16)
    say(f"{'16 more, to their checkpoint':<44}{scratch.seconds(sequencer.run_once) * 1000:>8.1f} ms")
    state = TreeState.objects.order_by("-size")[0]
    size, root = state.size, bytes(state.root)

    def included(index: int) -> bool:
        entry = tree.entry_at(index)
        proof = tree.prove(entry)
        leaf = merkle.leaf_hash(bytes(entry.leaf))
        return proof is not None and merkle.included(leaf, index, proof.size, list(proof.path), root)

    def consistent(old: int) -> bool:
        proof = tree.consistency(old, size)
        return merkle.consistent(old, size, merkle.edge_root(tree.edge_of(old)), root, proof)

    dice = random.Random(7)
    timed("inclusion proof of one entry, checked", included, [dice.randrange(size) for _each in range(PROOFS)])
    timed("consistency proof, checked", consistent, [dice.randrange(1, size) for _each in range(PROOFS)])
    many = dice.sample(range(size), 300)
    say(f"{'300 inclusion proofs at once':<44}{scratch.seconds(lambda: tree.paths(many, size)) * 1000:>8.1f} ms")
    begun = time.perf_counter()
    found = fsck.first_difference()
    assert found is None, found
    say(f"{'fsck':<44}{time.perf_counter() - begun:>8.1f} s")
