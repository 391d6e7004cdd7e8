"""The folders of the demo's parties belong to the play's clients: no code of the server names them."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.house import ROOMS, Module, modules, ours, parse

PLAY = "config.demo.play"


def clients() -> set[str]:
    """The play's modules and every module of ours that they come to import, the demo's own package apart."""
    found, todo = set[str](), [name for name in modules() if name.startswith(f"{PLAY}.")]
    while todo:
        name = todo.pop()
        if name not in found and name not in {"config.demo", "config"}:
            found.add(name)
            todo.extend(ours(modules()[name]))
    return found


def texts(module: Module) -> list[str]:
    """Every text in the code of `module`, docstrings apart."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    nodes = (node for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return [node.value for node in nodes if isinstance(node.value, str)]


def test_the_clients_of_the_play_know_neither_django_nor_models() -> None:
    wrong = [
        f"{name}: {imported}"
        for name in sorted(clients())
        for imported in sorted(modules()[name].imported)
        if imported.partition(".")[0] in {"django", "celery", "channels", "sqlite3"} or "models" in imported.split(".")
    ]
    assert wrong == []


def naming(text: str, within: tuple[str, ...]) -> list[str]:
    """The modules of these rooms in whose code the text stands."""
    return [name for name, module in modules().items() if module.room in within and text in texts(module)]


def test_no_code_but_the_plays_names_the_folder_of_the_parties() -> None:
    # In a room "parties" is a word of the trade; without "demo" before it it is no such folder.
    assert naming("parties", ("config",)) == [f"{PLAY}.troupe"]
    assert naming("demo", ROOMS) == []


def test_the_audit_sees_a_text() -> None:
    module = parse('"""parties"""\nx = folder / "parties"\n', Path("config/x.py"))
    assert texts(module) == ["parties"]
