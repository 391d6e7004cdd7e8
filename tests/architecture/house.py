"""Reads the house: every module of every room as a syntax tree with the modules of ours that it imports.

Enters: the checkout. Leaves: `Module` values; nothing is imported or run here.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ledger", "trading", "guarantees", "experts", "bidding", "evaluation", "supervision")
HOUSE = (*ROOMS, "config")
ENTRY_POINTS = frozenset({"views", "urls", "api", "consumers", "routing", "tasks", "commands", "apps"})


@dataclass(frozen=True)
class Module:
    """One source file: dotted `name`, `path` below the root, its tree, and every dotted name it imports."""

    name: str
    path: Path
    tree: ast.Module
    imported: frozenset[str]

    @property
    def room(self) -> str:
        """The first part of the name."""
        return self.name.partition(".")[0]

    @property
    def is_pure(self) -> bool:
        """Whether the docstring promises it."""
        return (ast.get_docstring(self.tree) or "").startswith("Pure.")

    @property
    def entry_point(self) -> str:
        """The kind of entry point this is (`views`, `tasks`, ...), or nothing."""
        return next((part for part in self.name.split(".")[1:] if part in ENTRY_POINTS), "")


@cache
def modules() -> dict[str, Module]:
    """Every module of the seven rooms and config, by dotted name."""
    paths = [path for room in HOUSE for path in sorted((ROOT / room).rglob("*.py")) if "node_modules" not in path.parts]
    return {module.name: module for module in map(_read, paths)}


def _read(path: Path) -> Module:
    return parse(path.read_text(encoding="utf-8"), path.relative_to(ROOT))


def parse(source: str, path: Path) -> Module:
    """The module that `source` at `path` (relative to the root) is."""
    parts = path.with_suffix("").parts
    package = parts[:-1]
    name = ".".join(package if parts[-1] == "__init__" else parts)
    tree = ast.parse(source, str(path))
    return Module(name, path, tree, frozenset(_imports(tree, package)))


def _imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *([node.module] if node.module else [])))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def ours(module: Module) -> frozenset[str]:
    """The modules of ours that `module` imports, as found on disk; a package counts only where it holds code."""
    known = modules()
    return frozenset(name for name in module.imported if name in known and known[name].tree.body)


@cache
def committed() -> tuple[Path, ...]:
    """Every path in git's index, relative to the root."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    return tuple(Path(name) for name in listing.stdout.decode().split("\0") if name)
