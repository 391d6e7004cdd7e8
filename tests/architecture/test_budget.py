"""The size budget of the house (style.md 0): file 400 lines, function 50, function of a view or consumer 25."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import HOUSE, ROOT, Module, committed, modules, parse

FILE_LINES = 400
FUNCTION_LINES = 50
FACE_LINES = 25
FACES = frozenset({"views", "consumers", "api"})
SOURCES = frozenset({".py", ".ts", ".js", ".mjs", ".css", ".html", ".sh"})
# path or module:function -> reason
EXCEPTIONS: dict[str, str] = {
    "trading/migrations/0001_initial.py": "generated: one table after the other, as Django writes them",
}


def long_functions(module: Module) -> Iterator[str]:
    """`module:function` with its lines, for each function over its budget."""
    budget = FACE_LINES if module.entry_point in FACES else FUNCTION_LINES
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > budget:
                yield f"{module.name}:{node.name} {lines}"


def source_files() -> list[Path]:
    """Committed sources of the rooms and config that still exist, tests apart."""
    inside = [path for path in committed() if path.parts[0] in HOUSE and path.suffix in SOURCES]
    return [path for path in inside if "tests" not in path.parts and (ROOT / path).is_file()]


def test_no_file_is_over_its_budget() -> None:
    lengths = {path: len((ROOT / path).read_bytes().splitlines()) for path in source_files()}
    found = [f"{path} {lines}" for path, lines in lengths.items() if lines > FILE_LINES]
    assert [line for line in found if line.rpartition(" ")[0] not in EXCEPTIONS] == []


def test_no_function_is_over_its_budget() -> None:
    found = [line for module in modules().values() for line in long_functions(module)]
    assert [line for line in found if line.rpartition(" ")[0] not in EXCEPTIONS] == []


def test_tests_can_be_parsed() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in (ROOT / "tests").rglob("*.py")]
    assert len(trees) > 1


def test_the_rule_sees_a_long_view() -> None:
    body = "    pass\n" * 25
    view = parse(f"def page():\n{body}", Path("trading/views.py"))
    act = parse(f"def page():\n{body}", Path("trading/awarding.py"))
    assert list(long_functions(view)) == ["trading.views:page 26"]
    assert list(long_functions(act)) == []
