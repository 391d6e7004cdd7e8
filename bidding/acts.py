"""The table of acts of bidding: what may be done, by whom, in which relation, in which stages."""

from __future__ import annotations

from bidding.hall.rules import holds_envelope, is_host, is_overseer, is_signatory, may_read_bids
from bidding.rules import is_custodian, is_outsider
from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from trading.stages import ENDED, PUBLISHED, SEALED, UNSEALED, Stage

ALL = frozenset(Role)
CUSTODIANS = roles(Role.AGENT, Role.CENTRE, Role.REGULATOR)

declare(
    Act("bidding:trust:view", ALL, reads=True),
    Act("bidding:sheet:view", ALL, reads=True),
    Act("bidding:receipt:verify", ALL, reads=True),
    Act("bidding:custody:view", CUSTODIANS, is_custodian, reads=True),
    Act("bidding:policy:choose", roles(Role.AGENT), is_custodian, stages({"draft"})),
    # After the notice too: a lost or stolen key leads to new sheets, which wait for an addendum.
    Act("bidding:key:register", CUSTODIANS, is_custodian, stages({"draft", "published"})),
    Act("bidding:sheet:sign", CUSTODIANS, is_custodian, stages({"draft", "published"})),
    Act("bidding:sheet:replace", roles(Role.AGENT), is_custodian, stages({"published"})),
    Act("bidding:rehearsal:view", CUSTODIANS, is_custodian, reads=True),
    Act("bidding:rehearsal:seal", roles(Role.AGENT), is_custodian, stages({"draft", "published"})),
    Act("bidding:rehearsal:give", CUSTODIANS, is_custodian, stages({"draft", "published"})),
    Act("bidding:rehearsal:open", roles(Role.CLOCK), stages=stages({"draft", "published"})),
    Act("bidding:desk:view", roles(Role.BIDDER), is_outsider, stages(PUBLISHED), reads=True),
    Act("bidding:receipt:view", roles(Role.BIDDER), is_outsider, stages(PUBLISHED), reads=True),
    # The clock too: it decides an upload that was stamped before a crash.
    Act("bidding:envelope:submit", roles(Role.BIDDER, Role.CLOCK), is_outsider, stages(SEALED)),
    # At any stage: what comes too late, or to a lot that was called off, gets a signed refusal (P8).
    Act("bidding:envelope:refuse", roles(Role.CLOCK), is_outsider, stages(PUBLISHED)),
    Act("bidding:veil:lift", roles(Role.CLOCK), stages=stages(UNSEALED | {Stage.FAILED})),
    # At any stage: what cannot be withdrawn any more is refused with a signature too (P8).
    Act("bidding:envelope:withdraw", roles(Role.BIDDER), is_outsider, stages(PUBLISHED)),
    Act("bidding:lot:close", roles(Role.CLOCK), is_outsider, stages({Stage.CLOSING})),
    Act("bidding:lot:fail", roles(Role.CLOCK), is_outsider, stages({Stage.CLOSED})),
)

# The opening.
HALL = stages({Stage.CLOSED, Stage.OPENING})
OPENING = stages({Stage.OPENING})
READABLE = stages((UNSEALED - {Stage.OPENED}) | ENDED)  # ended ones: complaints and disputes go on

declare(
    Act("bidding:openings:view", ALL, reads=True),
    Act("bidding:hall:view", ALL, stages=stages(PUBLISHED), reads=True),
    Act("bidding:hall:open", roles(Role.AGENT), is_host, stages({Stage.CLOSED})),
    Act("bidding:hall:join", roles(Role.BIDDER), holds_envelope, HALL),
    Act("bidding:hall:replay", ALL, stages=stages(PUBLISHED), reads=True),
    Act("bidding:oversight:view", roles(Role.REGULATOR), is_overseer, stages(PUBLISHED), reads=True),
    Act("bidding:opening:pause", roles(Role.REGULATOR), is_overseer, HALL),
    Act("bidding:opening:resume", roles(Role.REGULATOR, Role.CLOCK), is_overseer, HALL),
    Act("bidding:opening:interrupt", roles(Role.CLOCK), is_overseer, OPENING),
    Act("bidding:waiting:end", roles(Role.REGULATOR), is_overseer, OPENING),
    Act("bidding:silence:accept", roles(Role.CLOCK), is_overseer, OPENING),
    Act("bidding:headers:view", CUSTODIANS, is_custodian, HALL, reads=True),
    Act("bidding:share:release", CUSTODIANS, is_custodian, HALL),
    Act("bidding:share:view", roles(Role.BIDDER), holds_envelope, HALL, reads=True),
    Act("bidding:share:give", roles(Role.BIDDER), holds_envelope, OPENING),
    Act("bidding:window:close", roles(Role.CLOCK), stages=OPENING),
    Act("bidding:envelope:decide", roles(Role.CLOCK), stages=OPENING),
    Act("bidding:prices:read", roles(Role.CLOCK), stages=OPENING),
    Act("bidding:testimony:rebut", roles(Role.BIDDER), holds_envelope, OPENING),
    Act("bidding:objection:raise", roles(Role.BIDDER), holds_envelope, OPENING),
    Act("bidding:objection:answer", roles(Role.AGENT), is_host, OPENING),
    Act("bidding:record:confirm", roles(Role.BIDDER), holds_envelope, OPENING),
    Act("bidding:record:sign", roles(Role.AGENT, Role.CENTRE), is_signatory, OPENING),
    Act("bidding:record:view", ALL, stages=stages(OPENING | UNSEALED | ENDED), reads=True),
    Act("bidding:bid:read", roles(Role.PURCHASER, Role.AGENT, Role.REGULATOR, Role.EXPERT), may_read_bids, READABLE,
        reads=True),
)  # fmt: skip
