"""The table of acts of bidding: what may be done, by whom, in which relation, in which stages."""

from __future__ import annotations

from bidding.rules import is_custodian, is_outsider
from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from trading.stages import PUBLISHED, SEALED, Stage

ALL = frozenset(Role)
CUSTODIANS = roles(Role.AGENT, Role.CENTRE, Role.REGULATOR)

declare(
    Act("bidding:trust:view", ALL, reads=True),
    Act("bidding:sheet:view", ALL, reads=True),
    Act("bidding:receipt:verify", ALL, reads=True),
    Act("bidding:custody:view", CUSTODIANS, is_custodian, reads=True),
    Act("bidding:key:register", CUSTODIANS, is_custodian, stages({"draft"})),
    Act("bidding:sheet:sign", CUSTODIANS, is_custodian, stages({"draft"})),
    Act("bidding:desk:view", roles(Role.BIDDER), is_outsider, stages(PUBLISHED), reads=True),
    Act("bidding:receipt:view", roles(Role.BIDDER), is_outsider, stages(PUBLISHED), reads=True),
    # The clock too: it decides an upload that was stamped before a crash.
    Act("bidding:envelope:submit", roles(Role.BIDDER, Role.CLOCK), is_outsider, stages(SEALED)),
    Act("bidding:envelope:withdraw", roles(Role.BIDDER), is_outsider, stages({Stage.BIDDING})),
    Act("bidding:lot:close", roles(Role.CLOCK), is_outsider, stages({Stage.CLOSING})),
    Act("bidding:lot:fail", roles(Role.CLOCK), is_outsider, stages({Stage.CLOSED})),
)
