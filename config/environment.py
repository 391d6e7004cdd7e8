"""Reads the environment with types, so that a mistyped setting stops the start and is named.

Enters: names of variables. Leaves: text, truth, whole numbers, lists, secrets, a database or broker description.
An empty variable counts as absent. What is present and malformed raises `ImproperlyConfigured`, never a default.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


def envtext(name: str, default: str = "") -> str:
    """The variable `name` without surrounding space, or `default`."""
    return os.environ.get(name, "").strip() or default


def envbool(name: str, *, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off in any case; anything else is refused."""
    value = envtext(name).lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def envint(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`, written in ASCII digits."""
    value = envtext(name)
    if not value:
        return default
    if not re.fullmatch(r"-?[0-9]{1,18}", value) or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def envlist(name: str, default: list[str]) -> list[str]:
    """Comma-separated texts; empty members are left out."""
    value = envtext(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def envsecret(name: str) -> str:
    """The secret `name`, or the text of the file named by `name`_FILE, which must exist if named; "" when neither."""
    named = envtext(f"{name}_FILE")
    if not named:
        return envtext(name)
    if envtext(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; say it once")
    try:
        value = Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as broken:
        raise ImproperlyConfigured(f"{name}_FILE names {named}, which cannot be read: {broken}") from broken
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names {named}, which is empty")
    return value


def database(url: str) -> dict[str, Any]:
    """What Django wants to know of `sqlite:///absolute/path` or `postgresql://user:password@host:port/name`.

    A PostgreSQL that listens on a socket is `postgresql://user@/name?host=/folder`.
    SQLite writes ahead (WAL), takes its write lock at BEGIN and flushes every commit to the disk.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts.path)
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(url, parts)
    raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite:/// or postgresql://, not {parts.scheme!r}")


def _sqlite(path: str) -> dict[str, Any]:
    if not path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL names no file: write sqlite:////absolute/path.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(path[1:] if path.startswith("//") else path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # recursive_triggers: INSERT OR REPLACE deletes, and only so do the triggers of evidence tables see it
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
    }


def _postgresql(url: str, parts: SplitResult) -> dict[str, Any]:
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"DATABASE_URL names no database: {url.rpartition('@')[2]}")
    said = parse_qs(parts.query)
    if said.keys() - {"host"}:
        raise ImproperlyConfigured(f"DATABASE_URL may say host=/folder/of/the/socket and no more: {parts.query}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": said.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        # A connection lives in the pool of its process, not in a thread; a thread that finds none free waits its turn.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": envint("SUNLIGHT_DB_POOL", 20, least=1), "timeout": 20}},
    }


def broker(url: str) -> str:
    """The address `url` as Celery spells it: a unix socket is `redis+socket://`, the rest is the same."""
    if not url.startswith(("unix://", "redis://", "rediss://", "memory://")):
        raise ImproperlyConfigured("REDIS_URL must begin with unix://, redis://, rediss:// or memory://")
    return url.replace("unix://", "redis+socket://", 1)
