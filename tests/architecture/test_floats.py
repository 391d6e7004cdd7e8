"""No float in money, scores, draws or canonical bytes: they are Decimal and int, and a model stores no FloatField."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import Module, modules, parse

EXACT_ROOMS = frozenset({"trading", "guarantees", "experts", "evaluation"})
EXACT_MODULES = frozenset({"ledger.canon"})
FLOAT_NAMES = frozenset({"float", "fsum", "complex"})
# module name -> reason
EXCEPTIONS: dict[str, str] = {}


def is_exact(module: Module) -> bool:
    """Whether floats have no place in `module`: the pure half of the rooms that count, and the encoder."""
    return module.name in EXACT_MODULES or (module.is_pure and module.room in EXACT_ROOMS)


def floats(module: Module) -> Iterator[str]:
    """Every float literal and every mention of the type."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"{module.name}:{node.lineno} {node.value!r}"
        elif isinstance(node, ast.Name) and node.id in FLOAT_NAMES:
            yield f"{module.name}:{node.lineno} {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in FLOAT_NAMES:
            yield f"{module.name}:{node.lineno} {node.attr}"


def test_nothing_that_counts_uses_floats() -> None:
    exact = [module for name, module in modules().items() if is_exact(module) and name not in EXCEPTIONS]
    assert [line for module in exact for line in floats(module)] == []


def test_no_model_stores_a_float() -> None:
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "FloatField")
        or (isinstance(node, ast.Name) and node.id == "FloatField")
    ]
    assert found == []


def test_the_encoder_is_watched() -> None:
    assert [name for name in EXACT_MODULES if name not in modules()] == []


def test_every_exception_still_stands_for_something() -> None:
    assert [name for name in EXCEPTIONS if name not in modules() or not list(floats(modules()[name]))] == []


def test_the_rule_sees_literals_and_the_type() -> None:
    source = '"""Pure. Not."""\nrate = 0.02\nx = float("1")\nd = Decimal("0.02")\n'
    module = parse(source, Path("trading/x.py"))
    assert is_exact(module)
    assert list(floats(module)) == ["trading.x:2 0.02", "trading.x:3 float"]
