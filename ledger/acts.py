"""The table of acts of the ledger: anybody reads the log, nobody writes it but acts; witnesses hand in their lines."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare, roles

LOG_READ = "ledger:log:read"
COSIGN = "ledger:cosignature:hand_in"  # leaves no entry: it is a statement about the log, not in it
declare(
    Act(LOG_READ, frozenset(Role), reads=True),
    Act("ledger:veil:lift", roles(Role.CLOCK)),
    Act("ledger:witnesses:name", roles(Role.CLOCK)),
    Act(COSIGN, frozenset(Role), reads=True),
)
