"""The table of acts of evaluation: what may be done, by whom, in which relation, in which stages of the lot."""

from __future__ import annotations

from bidding.hall.rules import panel_of
from evaluation.rules import has_entered, leads, may_enter, may_see_result, may_watch
from ledger.actor import Role
from ledger.rights import Act, declare, roles, stages
from trading.rules import is_agent, is_side
from trading.stages import UNSEALED, Stage

EXPERT = roles(Role.EXPERT)
JUDGING = stages({Stage.EVALUATING})
SEEN = stages(UNSEALED | {Stage.FAILED})
WATCHERS = roles(Role.PURCHASER, Role.AGENT, Role.CENTRE, Role.REGULATOR)

panel_of(has_entered)  # the experts whom bidding lets read the opened bids of a lot

declare(
    Act("evaluation:room:open", roles(Role.AGENT), is_agent, stages({Stage.OPENED})),
    Act("evaluation:seat:enter", EXPERT, may_enter, JUDGING),
    Act("evaluation:leader:vote", EXPERT, may_enter, JUDGING),
    # A draft is no act: nothing is decided and nothing recorded. It stands here because it has an address.
    Act("evaluation:draft:save", EXPERT, may_enter, JUDGING),
    Act("evaluation:sheet:sign", EXPERT, may_enter, JUDGING),
    Act("evaluation:tie:decide", EXPERT, leads, JUDGING),
    Act("evaluation:report:sign", EXPERT, may_enter, JUDGING),
    Act("evaluation:candidates:publish", roles(Role.AGENT, Role.PURCHASER), is_side, stages({Stage.EVALUATED})),
    Act("evaluation:room:view", EXPERT, may_enter, SEEN, reads=True),
    Act("evaluation:bid:view", EXPERT, may_enter, SEEN, reads=True),
    Act("evaluation:progress:view", WATCHERS, may_watch, SEEN, reads=True),
    Act("evaluation:result:view", frozenset(Role), may_see_result, SEEN, reads=True),
)
