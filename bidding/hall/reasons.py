"""Why an envelope did not open, in the reader's language: a code says it to machines, a sentence to people.

Enters: the code of a reason. Leaves: its sentence, or the code where no sentence of the opening has it.
"""

from __future__ import annotations

from django.utils.translation import gettext

from bidding.opening.deciding import NO_OWN_SHARE, NOT_OPENED, OTHER_BIDDER, STORED_DIFFERS, TOO_FEW

SENTENCES = {one.code: one.text for one in (STORED_DIFFERS, NOT_OPENED, NO_OWN_SHARE, TOO_FEW, OTHER_BIDDER)}


def why(code: str) -> str:
    """The sentence of a reason."""
    return gettext(SENTENCES[code]) if code in SENTENCES else code
