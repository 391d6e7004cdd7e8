"""The table of acts of supervision: what may be seen and done, by whom, in which relation, in which stages."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from supervision.rules import watches
from trading.rules import is_open_to, is_regulator

ALL = frozenset(Role)
REGULATOR = roles(Role.REGULATOR)
PUBLISHED = stages(["published"])

declare(
    Act("supervision:log:view", ALL, reads=True),
    Act("supervision:house:view", ALL, reads=True),
    Act("supervision:bundle:view", ALL, is_open_to, PUBLISHED, reads=True),
    Act("supervision:bundle:export", REGULATOR, is_regulator, PUBLISHED),
    Act("supervision:archive:make", roles(Role.CLOCK), stages=stages(["due"])),
    Act("supervision:archive:export", REGULATOR, is_regulator, PUBLISHED),
    Act("supervision:desk:view", REGULATOR, reads=True),
    Act("supervision:lot:view", REGULATOR, is_regulator, reads=True),
    Act("supervision:trail:count", roles(Role.CLOCK), stages=PUBLISHED),
    Act("supervision:alarm:raise", roles(Role.CLOCK)),
    Act("supervision:house:alarm", roles(Role.CLOCK)),
    Act("supervision:house:clear", roles(Role.CLOCK)),
    Act("supervision:evidence:verify", roles(Role.CLOCK)),
    Act("supervision:alarm:settle", REGULATOR, watches, stages(["open"])),
)
