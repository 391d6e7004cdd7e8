"""The table of acts of trading: what may be done, by whom, in which relation, in which stages."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare, roles

ALL = frozenset(Role)
SIGNED_IN = ALL - {Role.PUBLIC, Role.CLOCK}

declare(
    Act("trading:party:register", roles(Role.OPERATOR)),
    Act("trading:account:open", roles(Role.OPERATOR)),
    Act("trading:certificate:enrol", SIGNED_IN),
    Act("trading:certificate:view", SIGNED_IN, reads=True),
    Act("trading:party:view", roles(Role.OPERATOR), reads=True),
    Act("trading:portal:view", ALL, reads=True),
    Act("trading:desk:view", SIGNED_IN, reads=True),
    Act("trading:scope:watch", ALL, reads=True),
)
