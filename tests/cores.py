"""Work that all cores share, each in a process of its own.

Enters: what is to be done for share `number` of `count`. Leaves: what came of each. The processes are forked, so that
only what came of it has to be sent; `EOFError` when one of them dies.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


def on_all_cores(work: Callable[[int, int], T]) -> list[T]:
    """What `work(number, count)` gives for every number below the count of cores."""
    forked, count = multiprocessing.get_context("fork"), os.cpu_count() or 1

    def share(number: int, end: Connection) -> None:
        end.send(work(number, count))

    ends = []
    for number in range(count):
        end, other_end = forked.Pipe(duplex=False)
        forked.Process(target=share, args=(number, other_end)).start()
        other_end.close()  # so that a share that dies is the end of its pipe, and not waited for
        ends.append(end)
    return [end.recv() for end in ends]
