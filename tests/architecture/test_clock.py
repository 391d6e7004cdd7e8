"""One clock: ledger/clock.py alone reads the time of day. Monotonic timers measure, they do not date."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import Module, modules, parse

CLOCK = "ledger.clock"
# Dotted names that tell the time of day, as they are after resolving imports.
READINGS = frozenset(
    {"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"}
    | {"time.time", "time.time_ns", "time.ctime", "time.clock_gettime", "time.clock_gettime_ns", "uuid.uuid1"}
    | {"django.utils.timezone.now", "django.db.models.functions.Now", "django.db.models.functions.datetime.Now"}
)
# These tell it when they are given nothing to convert.
READINGS_IF_BARE = frozenset(
    {"time.localtime", "time.gmtime", "django.utils.timezone.localtime", "django.utils.timezone.localdate"}
)
FIELD_SWITCHES = frozenset({"auto_now", "auto_now_add"})  # Django's own reading of the clock
# module name -> reason
EXCEPTIONS: dict[str, str] = {
    "config.demo.clock": "the other source that ledger/clock.py can be given; never importable outside the demo",
    "ledger.witness.clock": "a witness runs on its own machine and says when it cosigned",
    "bidding.client.clock": "the bid client runs on the bidder's machine and asks that machine's clock",
    "trading.migrations.0001_initial": "Django's AbstractUser dates its own date_joined; sign-in keeps real time",
}


def aliases(tree: ast.Module) -> dict[str, str]:
    """Every name bound by an import, with what it stands for."""
    bound: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else (alias.name.partition(".")[0])
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            bound |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return bound


def dotted(node: ast.expr, bound: dict[str, str]) -> str:
    """The full name an expression refers to, or nothing."""
    if isinstance(node, ast.Name):
        return bound.get(node.id, "")
    if isinstance(node, ast.Attribute) and (base := dotted(node.value, bound)):
        return f"{base}.{node.attr}"
    return ""


def readings(module: Module) -> Iterator[str]:
    """Every place where `module` could read the time of day."""
    bound = aliases(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node, bound)) in READINGS:
            yield f"{module.name}:{node.lineno} {name}"
        elif isinstance(node, ast.Call) and not node.args and dotted(node.func, bound) in READINGS_IF_BARE:
            yield f"{module.name}:{node.lineno} {dotted(node.func, bound)}"
        elif isinstance(node, ast.keyword) and node.arg in FIELD_SWITCHES:
            yield f"{module.name}:{node.lineno} {node.arg}"


def test_only_the_clock_reads_the_clock() -> None:
    others = [module for name, module in modules().items() if name != CLOCK and name not in EXCEPTIONS]
    assert [line for module in others for line in readings(module)] == []


def test_every_exception_still_stands_for_something() -> None:
    assert [name for name in EXCEPTIONS if name not in modules() or not list(readings(modules()[name]))] == []


def test_the_rule_sees_every_spelling() -> None:
    source = (
        "import datetime as dt, time\nfrom datetime import datetime, UTC\nfrom django.utils import timezone\n"
        "from time import time as seconds\n"
        "a = dt.datetime.now()\nb = datetime.now(UTC)\nc = timezone.now\nd = seconds()\ne = time.time()\n"
        "f = time.monotonic()\ng = this.now\nh = Field(auto_now_add=True)\n"
        "i = timezone.localtime(then)\nj = timezone.localtime()\n"
    )
    assert sorted(readings(parse(source, Path("trading/x.py")))) == [
        "trading.x:12 auto_now_add",
        "trading.x:14 django.utils.timezone.localtime",
        "trading.x:5 datetime.datetime.now", "trading.x:6 datetime.datetime.now",
        "trading.x:7 django.utils.timezone.now", "trading.x:8 time.time", "trading.x:9 time.time",
    ]  # fmt: skip
