"""How long a bidder waits for the receipt, and whether anybody is refused when many come at once.

Leaves two tables. First: 1, 50, 100 and 200 bids already in the lot, in one process through the whole stack (tus view,
header check, stamp, object, act, signature) on a database in a file; each level has lots of its own, and the samples
take turns, so that what else the machine does hits all levels alike. Flat is good: the last within 1.2 x the first.
Second: 8, 32 and 64 bidders who send their last byte at the same moment to one lot of a real server, as it is started
for a site. None may be refused.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.bench import scratch
from tests.bench.envelope import say
from tests.bidding.server import Site
from tests.bidding.uploads.rush import rush, set_up

ALREADY = (1, 50, 100, 200)
LOTS, EACH = 6, 20  # lots of a level, and samples in each: p99 is of their product
AT_ONCE = (8, 32, 64)
WARM = 4  # bidders whose bids are not measured


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run() -> None:
    """Both tables."""
    growing()
    with tempfile.TemporaryDirectory(prefix="sunlight-bench-") as name:
        at_once(Path(name))


def growing() -> None:
    """The first table."""
    scratch.begin()
    from tests.bidding.scenes import Scene
    from tests.bidding.submission.test_count import many
    from tests.world import TestClock, World

    scene = Scene(World(TestClock()))
    lots = scene.lots(len(ALREADY) * LOTS)
    levels = [lots[place * LOTS : (place + 1) * LOTS] for place in range(len(ALREADY))]
    for already, mine in zip(ALREADY, levels, strict=True):
        for lot in mine:
            many(lot, already)
    taken: dict[int, list[float]] = {already: [] for already in ALREADY}
    for sample in range(LOTS * EACH + 1):
        account = scene.world.bidder(sample)
        for already, mine in zip(ALREADY, levels, strict=True):
            lot = mine[sample % LOTS]
            sealed = scene.seal(lot, account)
            url = scene.begin(lot, account, sealed)["Location"]
            begun = time.perf_counter()
            scene.patch(url, account, sealed.data)
            if sample:  # the first one of each level warms up
                taken[already].append(time.perf_counter() - begun)
    say(f"{'bids already in':<20}{'p50 ms':>10}{'x first':>10}{'p99 ms':>10}{'x first':>10}{'samples':>10}")
    first = (statistics.median(taken[ALREADY[0]]), percentile(taken[ALREADY[0]], 0.99))
    for already, values in taken.items():
        found = (statistics.median(values), percentile(values, 0.99))
        cells = "".join(f"{one * 1000:>10.1f}{one / start:>10.2f}" for one, start in zip(found, first, strict=True))
        say(f"{f'{already} to {already + EACH}':<20}{cells}{len(values):>10}")


def at_once(folder: Path) -> None:
    """The second table."""
    site = Site(folder)
    bids = set_up(site, WARM, *AT_ONCE)
    site.start()
    try:
        rush(site, bids.pop(str(WARM)))
        say(f"{'bidders at once':<20}{'p50 ms':>10}{'p99 ms':>10}{'a second':>10}   answers")
        for count, mine in bids.items():
            found = rush(site, mine)
            values, answers = [seconds for seconds, _state in found], Counter(state for _seconds, state in found)
            cells = f"{statistics.median(values) * 1000:>10.0f}{percentile(values, 0.99) * 1000:>10.0f}"
            say(f"{count:<20}{cells}{int(count) / max(values):>10.1f}   {dict(answers)}")
            assert set(answers) == {"sealed"}, "somebody was refused"
    finally:
        site.kill()
