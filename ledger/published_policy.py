"""The witness policy as the site names it to those who have none of their own: whom it lets itself be held to.

Enters: the policy file named by SUNLIGHT_WITNESS_POLICY. Leaves: its text without remarks and without the witnesses'
addresses, which only the site needs.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from ledger.witnessing import policy


def policy_text() -> str:
    """The policy in force, "" when there is none; `Broken` or `OSError` for an unreadable one."""
    if policy() is None:
        return ""
    text = Path(settings.SUNLIGHT_WITNESS_POLICY).read_text(encoding="utf-8", errors="surrogateescape")
    lines = ([word for word in line.replace("\t", " ").split(" ") if word] for line in text.split("\n"))
    kept = (words[:3] if words[0] == "witness" else words for words in lines if words and words[0][0] != "#")
    return "".join(" ".join(words) + "\n" for words in kept)
