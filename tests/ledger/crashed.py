"""What the processes of tests/ledger/crashing.py record."""

from __future__ import annotations

from ledger.actor import Role
from ledger.events import event
from ledger.rights import ACTS, Act, roles


@event("tests:crash:line_written")
class LineWritten:
    """A line of a process that may be killed."""

    number: int


ACTS["tests:crash:write"] = Act("tests:crash:write", roles(Role.CLOCK))
