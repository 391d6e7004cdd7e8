"""The table of acts of trading: what may be done, by whom, in which relation, in which stages."""

from __future__ import annotations

from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from trading import rules
from trading.stages import PUBLISHED, RESULT_PUBLIC, Stage

ALL = frozenset(Role)
SIGNED_IN = ALL - {Role.PUBLIC, Role.CLOCK}
SIDE = roles(Role.PURCHASER, Role.AGENT)
DRAFT = stages(["draft"])
BIDDING = stages([Stage.BIDDING])
AWARDED = stages([Stage.AWARDED])
PUBLICITY = stages([Stage.PUBLICITY])

declare(
    # Enrolment
    Act("trading:party:register", roles(Role.OPERATOR)),
    Act("trading:account:open", roles(Role.OPERATOR)),
    Act("trading:certificate:enrol", SIGNED_IN),
    Act("trading:certificate:view", SIGNED_IN, reads=True),
    Act("trading:party:view", roles(Role.OPERATOR), reads=True),
    # What everybody sees
    Act("trading:portal:view", ALL, reads=True),
    Act("trading:timestamp:ask", ALL, reads=True),
    Act("trading:desk:view", SIGNED_IN, reads=True),
    Act("trading:scope:watch", ALL, reads=True),
    Act("trading:tender:view", ALL, rules.is_open_to, reads=True),
    Act("trading:lot:view", ALL, rules.is_open_to, reads=True),
    Act("trading:paper:view", ALL, reads=True),
    Act("trading:result:view", SIGNED_IN, rules.is_concerned, stages(RESULT_PUBLIC), reads=True),
    # Drafting and the notice
    Act("trading:tender:draft", SIDE, rules.has_organisation),
    Act("trading:tender:amend", SIDE, rules.is_side, DRAFT),
    Act("trading:lot:draft", SIDE, rules.is_side, DRAFT),
    Act("trading:lot:amend", SIDE, rules.is_side, DRAFT),
    Act("trading:paper:add", SIDE, rules.is_side, stages(["draft", "published"])),
    Act("trading:paper:drop", SIDE, rules.is_side, stages(["draft", "published"])),
    Act("trading:tender:publish", SIDE, rules.is_side, DRAFT),
    # Questions, addenda, objections
    Act("trading:question:ask", roles(Role.BIDDER), rules.has_organisation, BIDDING),
    Act("trading:question:view", roles(Role.BIDDER), rules.is_open_to, reads=True),
    Act("trading:question:answer", SIDE, rules.is_side, BIDDING),
    Act("trading:addendum:issue", SIDE, rules.is_side, stages(["published"])),
    Act("trading:objection:to_papers", roles(Role.BIDDER), rules.has_organisation, BIDDING),
    Act("trading:objection:to_result", roles(Role.BIDDER), rules.took_part, PUBLICITY),
    Act("trading:objection:answer", SIDE, rules.is_side, stages(PUBLISHED)),
    # Outages
    Act("trading:outage:view", ALL, reads=True),
    Act("trading:outage:declare", roles(Role.OPERATOR, Role.REGULATOR)),
    Act("trading:outage:end", roles(Role.OPERATOR, Role.REGULATOR)),
    Act("trading:outage:find", roles(Role.CLOCK)),
    Act("trading:deadline:extend", roles(Role.CLOCK), stages=BIDDING),
    # The clock
    Act("trading:lot:close", roles(Role.CLOCK), stages=BIDDING),
    Act("trading:publicity:end", roles(Role.CLOCK), stages=PUBLICITY),
    Act("trading:failure:notice", roles(Role.CLOCK), stages=stages([Stage.FAILED])),
    Act("trading:lot:remind", roles(Role.CLOCK), stages=stages([Stage.EVALUATED, Stage.AWARDED, Stage.CONTRACTED])),
    # Award and contract
    Act("trading:award:give", roles(Role.PURCHASER), rules.is_purchaser, PUBLICITY),
    Act("trading:contract:draw", SIDE, rules.is_side, AWARDED),
    Act("trading:contract:sign", roles(Role.PURCHASER, Role.BIDDER), rules.is_contract_side, AWARDED),
    Act("trading:contract:view", SIGNED_IN, rules.sees_contract, reads=True),
)
