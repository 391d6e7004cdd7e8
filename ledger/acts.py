"""The table of acts of the ledger: anybody reads the log, nobody writes it but acts; the clock lifts veils."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare, roles

LOG_READ = "ledger:log:read"
declare(
    Act(LOG_READ, frozenset(Role), reads=True),
    Act("ledger:veil:lift", roles(Role.CLOCK)),
)
