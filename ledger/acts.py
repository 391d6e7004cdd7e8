"""The table of acts of the ledger: anybody reads the log, nobody writes it but acts."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare

LOG_READ = "ledger:log:read"
declare(Act(LOG_READ, frozenset(Role), reads=True))
