"""Pure modules are pure: no framework, network, file, or impure module of ours; they load with Django blocked."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.house import ROOT, Module, modules, ours, parse

OUTSIDE_WORLD = frozenset(
    {"django", "channels", "celery", "redis", "allauth", "httpx", "minio", "websockets", "tusclient", "structlog"}
    | {"socket", "ssl", "http", "urllib", "subprocess", "sqlite3", "asyncio", "threading", "multiprocessing", "signal"}
    | {"os", "pathlib", "shutil", "tempfile", "glob", "random"}
)
PURE_PARTS = frozenset({"urllib.parse"})  # text in, text out
# What runs without the server's packages, pure or not: the bid client, the verifier, the witness.
DJANGO_FREE = ("bidding.client", "supervision.verifier", "ledger.witness.")
BLOCKED = ("django", "channels", "celery", "redis", "allauth")
# module name -> reason
EXCEPTIONS: dict[str, str] = {}

LOAD_WITHOUT_DJANGO = """
import importlib, sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Wall())
for name in {names!r}:
    importlib.import_module(name)
"""


def only_seeks(tree: ast.Module) -> bool:
    """Whether `os` is there for the names of `seek` alone, which are numbers."""
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
    }
    return named <= {"SEEK_SET", "SEEK_CUR", "SEEK_END"}


def impurities(module: Module) -> list[str]:
    """What keeps `module` from being pure: foreign imports, impure modules of ours, files opened."""
    foreign = {name for name in module.imported - PURE_PARTS if name.partition(".")[0] in OUTSIDE_WORLD}
    foreign -= {name for name in foreign if name.startswith("urllib.parse.") or name == "urllib"}
    if only_seeks(module.tree):
        foreign.discard("os")
    impure = {name for name in ours(module) if not modules()[name].is_pure}
    opened = {
        "open()"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "input"}
    }
    return [f"{module.name}: {name}" for name in sorted(foreign | impure | opened)]


def load(names: list[str]) -> str:
    """What the interpreter says when it imports `names` with the server's packages walled off."""
    code = LOAD_WITHOUT_DJANGO.format(blocked=BLOCKED, names=names)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stderr


def test_pure_modules_import_nothing_impure() -> None:
    found = [line for module in modules().values() if module.is_pure for line in impurities(module)]
    assert [line for line in found if line.partition(":")[0] not in EXCEPTIONS] == []


def test_pure_modules_load_with_django_blocked() -> None:
    # The demo's package asks the settings whether it may be there at all (test_demo.py).
    names = sorted(name for name, module in modules().items() if module.is_pure and module.name[:11] != "config.demo")
    assert "trading.stages" in names
    assert load(names) == ""


def test_client_and_verifier_load_with_django_blocked() -> None:
    names = sorted(name for name in modules() if name.startswith(DJANGO_FREE) and not name.endswith("__main__"))
    assert load(names) == ""


def test_the_wall_stands() -> None:
    assert "django is blocked" in load(["django"])


def test_every_exception_still_stands_for_something() -> None:
    assert [name for name in EXCEPTIONS if name not in modules() or not impurities(modules()[name])] == []


def test_the_rule_sees_django_files_and_draws() -> None:
    source = '"""Pure. Not."""\nfrom django.db import models\nimport os, random, urllib.parse\nopen("x")\nos.getcwd()\n'
    assert impurities(parse(source, Path("trading/x.py"))) == [
        f"trading.x: {name}" for name in ("django.db", "django.db.models", "open()", "os", "random")
    ]
