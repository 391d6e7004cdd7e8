"""The play of the built-in case: the way of one bid, steps 0 to 12, through the front door.

Enters: a troupe on a fresh site. Leaves: one tender from notice to contract, told step by step.
"""

from __future__ import annotations

from config.demo.play import award, bids, enrolment, judging, notice, opening, visitors, watching
from config.demo.play.stage import TenderCase
from config.demo.play.tale import Tale, instant
from config.demo.play.troupe import Troupe

DEADLINE = instant("2026-03-24 09:30")
STEPS = (
    enrolment.enrol,
    notice.draft,
    notice.keep_custody,
    notice.rehearse,
    notice.publish,
    watching.begin,
    notice.clarify,
    bids.cover,
    bids.bid,
    bids.prove,
    bids.close,
    opening.open_lots,
    judging.draw,
    judging.judge,
    award.publish,
    award.award,
    award.contract,
    award.destroy_keys,
    watching.end,
    watching.check,
)


def tell(troupe: Troupe, case: TenderCase, still_open: TenderCase) -> None:
    """All of it, in order; then the notice of a tender that visitors may bid for."""
    tale = Tale(troupe, case, DEADLINE)
    for step in STEPS:
        step(tale)
    visitors.guide(tale, visitors.leave_open(troupe, still_open))
