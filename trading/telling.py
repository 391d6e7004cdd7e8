"""Says a reason in the reader's language: its sentence, and those of its facts that are sentences of ours."""

from __future__ import annotations

from django.utils.translation import gettext

from ledger.errors import Reason


def told(reason: Reason) -> str:
    """The sentence of `reason`, filled in."""
    facts = {name: gettext(value) if value else "" for name, value in reason.facts.items()}
    return gettext(reason.text) % facts if facts else gettext(reason.text)
