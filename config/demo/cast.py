"""Whom a visitor of the demo can be: the accounts that the play lists in `var/demo/cast.json`, and nobody else."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

from trading.models import Account


def listed() -> list[str]:
    """The user names that may be switched to, in the order of the list."""
    path = Path(settings.VAR) / "demo" / "cast.json"
    if not path.exists():
        return []
    names = json.loads(path.read_text(encoding="utf-8"))
    return [name for name in names if isinstance(name, str)]


def accounts() -> list[Account]:
    """The listed accounts, in the order of the list."""
    names = listed()
    found = {account.username: account for account in Account.objects.filter(username__in=names, is_active=True)}
    return [found[name] for name in names if name in found]
