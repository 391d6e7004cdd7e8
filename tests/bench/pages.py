"""How many pages of the notice list one process answers in a second, beside the bare health page.

Leaves: a table; medians of 5 runs of 100 requests through the whole middleware, with 200 published tenders.
"""

from __future__ import annotations

from datetime import timedelta

from tests.bench import scratch
from tests.bench.envelope import say

COUNT, TENDERS = 100, 200


def main() -> None:
    """Print the table."""
    scratch.begin()
    from django.test import Client
    from django.urls import reverse

    from tests.world import MORNING, TestClock, World
    from trading.models import Notice, Tender

    world = World(TestClock())
    for number in range(TENDERS):
        tender = world.tender(f"sl-2026-{number:04d}")
        Tender.objects.filter(pk=tender.pk).update(stage="published", published_at=MORNING)
        at = MORNING + timedelta(minutes=number)
        Notice.objects.create(tender=tender, kind="notice", number=1, title=tender.title, at=at)
    client = Client()

    def ask(path: str) -> float:
        def run() -> None:
            for _ in range(COUNT):
                assert client.get(path).status_code == 200

        return COUNT / scratch.median(run)

    bare, listed = ask("/health"), ask(reverse("trading:notices"))
    say(f"{'pages':<24}{'per s':>8}{'x health page':>16}")
    for name, rate in (("health page", bare), ("notice list, 200", listed)):
        say(f"{name:<24}{rate:>8.0f}{rate / bare:>16.2f}")


if __name__ == "__main__":
    main()
