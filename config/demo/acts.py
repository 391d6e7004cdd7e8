"""The demo's table of acts."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare, roles

declare(
    Act("config:clock:move", roles(Role.OPERATOR)),
    Act("config:role:switch", frozenset(Role)),
)
