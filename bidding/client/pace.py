"""Pure. The finish line of an upload: how fast, how much longer, and whether that is before the deadline.

Enters: moments (seconds of any steady clock) with the bytes sent until then. Leaves: speed and time left, over the last
ten seconds, so that a slow start is forgotten. Twin: config/frontend/src/seal/pace.ts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

WINDOW = 10.0
LEAST = 0.25


@dataclass(frozen=True)
class Pace:
    """Bytes a second, and seconds left."""

    speed: float
    left: float


@dataclass
class Pacer:
    """Follows one upload of `total` bytes."""

    total: int
    marks: deque[tuple[float, int]] = field(default_factory=deque)

    def mark(self, at: float, sent: int) -> None:
        """So many bytes were sent at this moment; fewer than before: it was taken up again further back."""
        if self.marks and sent < self.marks[-1][1]:
            self.marks.clear()
        while self.marks and self.marks[0][0] < at - WINDOW:
            self.marks.popleft()
        self.marks.append((at, sent))

    def pace(self) -> Pace | None:
        """None while nothing can be said yet."""
        if not self.marks:
            return None
        (began, first), (ended, last) = self.marks[0], self.marks[-1]
        if ended - began < LEAST or last <= first:
            return None
        speed = (last - first) / (ended - began)
        return Pace(speed, (self.total - last) / speed)
