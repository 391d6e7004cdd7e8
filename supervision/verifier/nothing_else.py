"""Pure. Check 40: the bundle holds nothing that the evidence does not name.

40. Every object is named, by its SHA-256, in an entry or in a record that an entry names; every private part belongs
    to a release or a draw of the tender. What nobody names could have been put there by anybody.
"""

from __future__ import annotations

from ledger.errors import _
from supervision.verifier.case import OBJECTS, PRIVATE, Case, fault
from supervision.verifier.check import Check, Found
from supervision.verifier.naming import named
from supervision.verifier.trust import Trust


def nothing_else(case: Case, _trust: Trust) -> Found:
    """Check 40."""
    for name in sorted(case.objects.keys() - named(case)):
        yield fault("unnamed", _("Nothing in the log names %(name)s."), name=OBJECTS + name)
    batches = {f"{one['lot']}/{one['leaf']}.batch" for one in case.all("bidding:share:released")}
    salts = {f"{one['draw']}.salt" for one in case.all("experts:draw:requested")}
    own = {f"{one['lot']}/{one['receipt']}.share" for one in case.all("bidding:share:given")}
    for name in sorted(case.private.keys() - batches - salts - own):
        yield fault("unnamed", _("Nothing in the log names %(name)s."), name=PRIVATE + name)


CHECKS = (Check(40, _("Nothing else lies in the bundle"), nothing_else),)
