"""What the custodian's pages need beyond the facts: addresses and words for their scripts, and what stands against it.

Enters: facts of a tender, or a lot and who looks. Leaves: contexts for bidding/templates/bidding/custody*.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bidding.custody.facts import policy_words
from bidding.custody.keys import label_on
from bidding.custody.sheets import sheets_of
from bidding.custody.words import custody_words
from bidding.envelope.sheet import read_sheet
from bidding.opening.quorum import releases
from bidding.opening.release import release_blockers
from ledger import rights
from ledger.actor import Actor
from ledger.errors import _
from trading.models import Lot, Tender

# What a tender usually needs; any other policy of the grammar can be written.
POLICIES = ("2(a,c,r)", "3(a,c,r)", "2(1(a1,a2),1(c1,c2),1(r1,r2))", "2(1(a1,a2),1(c1,c2),r)", "2(b,2(a,c,r))")
REHEARSALS = {
    "no_keys": (_("waits for keys"), "still"),
    "unsigned": (_("waits for signatures"), "busy"),
    "unsealed": (_("waits for its envelope"), "busy"),
    "waiting": (_("waits for shares"), "busy"),
    "opened": (_("held: the keys open"), "good"),
    "failed": (_("failed: the keys did not open"), "halt"),
}


def custody_context(tender: Tender, actor: Actor, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The context of the custodian's page of a tender; `facts` are custody_facts."""
    here = {"tender": tender.code}
    urls = {
        "custody": reverse("bidding:custody", kwargs=here),
        "key": reverse("bidding:register_key", kwargs=here),
        "sheets": reverse("bidding:sign_sheets", kwargs=here),
        "rehearsal": reverse("bidding:rehearsal", kwargs=here),
        "seal": reverse("bidding:seal_rehearsal", kwargs=here),
        "share": reverse("bidding:give_rehearsal", kwargs=here),
        "trust": reverse("bidding:trust"),
    }
    word, tone = REHEARSALS[facts["rehearsal"]["state"]]
    return {
        "custody": facts,
        "registered": any(key["mine"] for key in facts["keys"]),
        "desk": {**facts, "urls": urls, "words": custody_words()},
        "rehearsal": {"word": gettext(word), "tone": tone},
        "seals": rights.may("bidding:rehearsal:seal", actor, tender),
        "replaces": facts["replacing"] and rights.may("bidding:sheet:replace", actor, tender),
        "policies": [{"text": one, "words": policy_words(one)} for one in POLICIES],
    }


def giving_context(lot: Lot, actor: Actor) -> dict[str, Any]:
    """The context of the page on which a custodian gives the shares of a lot."""
    row = sheets_of(lot).first()
    leaf = label_on(read_sheet(bytes(row.data)), actor) if row else ""
    given = releases(lot).filter(leaf=leaf).first() if leaf else None
    here = {"lot": lot.code}
    urls = {
        "headers": reverse("bidding:headers", kwargs=here),
        "release": reverse("bidding:release", kwargs=here),
        "sheet": reverse("bidding:sheet", kwargs=here),
        "page": reverse("bidding:giving", kwargs=here),
        "trust": reverse("bidding:trust"),
    }
    return {
        "lot": lot,
        "leaf": leaf,
        "given": given,
        "reasons": [] if given else release_blockers(lot, leaf),
        "desk": {"lot": lot.code, "round": lot.tender.round, "urls": urls, "words": custody_words()},
    }
