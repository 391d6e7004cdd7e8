"""How long a bidder waits for the receipt when 1, 50, 100 and 200 bids are already in the lot.

Leaves: a table; each figure is the median of 5 requests that bring the last byte of a small sealed bid, through the
whole stack (tus view, header check, stamp, object, act, signature) on a database in a file. Flat is good.
"""

from __future__ import annotations

import statistics

from tests.bench import scratch
from tests.bench.envelope import say

ALREADY = (1, 50, 100, 200)


def main() -> None:
    """Print the table."""
    scratch.begin()
    from tests.bidding.scenes import Scene, Sealed
    from tests.world import TestClock, World

    scene = Scene(World(TestClock()))
    lot = scene.lot()
    number = 0

    def bring() -> float:
        nonlocal number
        number += 1
        account = scene.world.bidder(number)
        sealed: Sealed = scene.seal(lot, account)
        begun = scene.begin(lot, account, sealed)
        return scratch.seconds(lambda: scene.patch(begun["Location"], account, sealed.data))

    say(f"{'bids already in':<20}{'ms':>8}{'x first':>12}")
    first = 0.0
    for already in ALREADY:
        while number < already:
            bring()
        taken = statistics.median(bring() for _ in range(scratch.ROUNDS))
        first = first or taken
        say(f"{already:<20}{taken * 1000:>8.1f}{taken / first:>12.2f}")


if __name__ == "__main__":
    main()
