"""P4: nobody tells by the time an answer takes whether a lot has bids.

Half of the lots, chosen by lot, have five bids, the others none; nothing else differs. The public, a rival and the
agent ask for their pages again and again, in random order, and the processor time of every answer is measured inside
the server's own process: sharper than any clock at the other end of a line, and not disturbed by what else the machine
does. A guess takes the median of five answers; the threshold is learnt on half of the lots and tried on the others.
Held to: at most 55 % of all guesses right, 80 % for any one page (36 guesses each), medians less than a millisecond
apart. Control: with a millisecond more wherever there are bids, the same method is right far more often.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from tests.deep.lots import run_in, set_up, shared
from tests.parts import say

LOTS, BIDS, TURNS = 24, 5, 16
ASKED = 5  # answers for one guess
WHOLE, EACH, CONTROL = 0.55, 0.80, 0.60
APART = 1.0  # milliseconds
PAGES = (
    "/lots/{lot}", "/tenders/{tender}", "/bidding/lots/{lot}/", "/bidding/lots/{lot}/sheet",
    "/bidding/lots/{lot}/hall/",
    "/bidding/lots/{lot}/hall/board", "/bidding/lots/{lot}/headers", "/bidding/lots/{lot}/attempts",
    "/bidding/lots/{lot}/submissions/00112233445566778899aabbccddeeff", "/bidding/lots/{lot}/receipts/aaaaaaaaaaaaaaaa",
)  # fmt: skip
OWN = "/bidding/lots/{lot}/"
Times = dict[str, dict[str, list[float]]]  # milliseconds by page and watcher, by lot


def measure() -> tuple[dict[str, bool], Times]:
    """Which lots have bids, and how long every answer took."""
    from django.test import Client

    scene, lots = set_up(LOTS)
    chosen = random.SystemRandom().sample(lots, LOTS // 2)
    for lot in chosen:
        for number in range(1, BIDS + 1):
            scene.submit(lot, scene.world.bidder(number))
    scene.world.sequence()
    world = scene.world
    watchers = {"nobody": Client(), "rival": scene.client(world.bidder(9)), "agent": scene.client(world.agent)}
    asked = [(f"{who} {page}", client, page) for who, client in watchers.items() for page in PAGES]
    asked.append(("bidder", scene.client(world.bidder(1)), OWN))
    found: Times = {name: defaultdict(list) for name, _client, _page in asked}
    everything = [(lot, one) for lot in lots for one in asked]
    for _turn in range(TURNS):
        random.shuffle(everything)
        for lot, (name, client, page) in everything:
            begun = time.process_time_ns()
            client.get(page.format(lot=lot.code, tender=lot.tender.code))
            found[name][lot.code].append((time.process_time_ns() - begun) / 1e6)
    return {lot.code: lot in chosen for lot in lots}, found


def medians(times: list[float]) -> list[float]:
    """The median of every five answers, the first answer of all left out: it warms up."""
    later = times[1:]
    return [median(later[at : at + ASKED]) for at in range(0, len(later) - ASKED + 1, ASKED)]


def guesses(has_bids: dict[str, bool], times: dict[str, list[float]], more: float = 0.0) -> list[bool]:
    """Whether each guess about the lots that were kept back was right; `more` milliseconds for lots with bids."""
    by_kind = {kind: [lot for lot in times if has_bids[lot] is kind] for kind in (True, False)}
    seen = {lot: [one + more * has_bids[lot] for one in medians(found)] for lot, found in times.items()}
    middle = {kind: median(one for lot in lots[::2] for one in seen[lot]) for kind, lots in by_kind.items()}
    threshold, slower = sum(middle.values()) / 2, middle[True] > middle[False]
    kept_back = [(kind, one) for kind, lots in by_kind.items() for lot in lots[1::2] for one in seen[lot]]
    return [((one > threshold) == slower) == kind for kind, one in kept_back]


def apart(has_bids: dict[str, bool], times: dict[str, list[float]]) -> float:
    """How far the medians of lots with and without bids are from each other, in milliseconds."""
    middle = [median(one for lot in times for one in times[lot][1:] if has_bids[lot] is kind) for kind in (True, False)]
    return abs(middle[0] - middle[1])


def run() -> None:
    """Measure in a process of its own, then guess."""
    with tempfile.TemporaryDirectory(prefix="sunlight-hidden-") as name:
        has_bids, times = json.loads(run_in(Path(name), "tests.deep.how_many"))
    own = shared(guesses(has_bids, times.pop("bidder")))
    slowed = shared(one for found in times.values() for one in guesses(has_bids, found, APART))
    right = {name: guesses(has_bids, found) for name, found in times.items()}
    worst = max(right, key=lambda name: shared(right[name]))
    whole = shared(one for found in right.values() for one in found)
    far = {name: apart(has_bids, found) for name, found in times.items()}
    farthest = max(far, key=lambda name: far[name])
    count = sum(map(len, right.values()))
    say(f"{LOTS // 2} lots with {BIDS} bids, {LOTS // 2} with none; {len(times)} pages of 3 watchers, {count} guesses")
    say(f"right by processor time      {whole:>7.1%}  (promised: at most {WHOLE:.0%}; 50 % is chance)")
    say(f"the most telling page        {shared(right[worst]):>7.1%}  {worst} (at most {EACH:.0%})")
    say(f"medians farthest apart       {far[farthest]:>7.3f} ms  {farthest} (promised: below {APART:.0f} ms)")
    say(f"control, a millisecond more  {slowed:>7.1%}  (at least {CONTROL:.0%})")
    say(f"beside it, the own desk      {own:>7.1%}  (a bidder's own page may differ)")
    assert whole <= WHOLE, "the time of answers tells who has bids"
    assert shared(right[worst]) <= EACH, f"{worst} tells whether there are bids"
    assert far[farthest] < APART, f"{farthest} answers at another speed where there are bids"
    assert slowed >= CONTROL, "the method would not see a difference that is there"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
