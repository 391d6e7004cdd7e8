"""The table of acts of experts: what may be done, by whom, in which relation, in which stages of the lot."""

from __future__ import annotations

from experts.rules import is_asked, is_body
from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from trading.rules import is_open_to
from trading.stages import Stage

BODIES = roles(Role.AGENT, Role.REGULATOR, Role.CENTRE)
# The bidders are known from the opening on, and a member can still be replaced while the panel judges.
DRAWING = stages({Stage.OPENED})
SEATING = stages({Stage.OPENED, Stage.EVALUATING})

declare(
    Act("experts:expert:register", roles(Role.CENTRE)),
    Act("experts:draw:request", roles(Role.AGENT), is_body, DRAWING),
    Act("experts:seed:commit", BODIES, is_body, DRAWING),
    Act("experts:pool:freeze", roles(Role.CENTRE), is_body, DRAWING),
    Act("experts:seed:reveal", BODIES, is_body, DRAWING),
    Act("experts:draw:void", roles(Role.REGULATOR), is_body, DRAWING),
    Act("experts:invitation:answer", roles(Role.EXPERT), is_asked),
    Act("experts:invitation:lapse", roles(Role.CENTRE), is_body, SEATING),
    Act("experts:draw:view", frozenset(Role), is_open_to, reads=True),
    Act("experts:register:view", roles(Role.CENTRE), reads=True),
    Act("experts:invitations:view", roles(Role.EXPERT), reads=True),
)
