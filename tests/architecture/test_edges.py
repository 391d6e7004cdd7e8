"""Calls go down: rooms import only rooms below, nothing runs in a circle, nobody imports an entry point."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.house import HOUSE, ROOMS, Module, modules, ours, parse

BELOW: dict[str, frozenset[str]] = {
    "ledger": frozenset(),
    "trading": frozenset({"ledger"}),
    "guarantees": frozenset({"trading", "ledger"}),
    "experts": frozenset({"trading", "ledger"}),  # never bidding: a draw cannot see who bid
    "bidding": frozenset({"guarantees", "trading", "ledger"}),
    "evaluation": frozenset({"bidding", "experts", "trading", "ledger"}),
    "supervision": frozenset({"evaluation", "bidding", "experts", "guarantees", "trading", "ledger"}),
    "config": frozenset(ROOMS),
}
# Inside one room, an entry point may import the entry points that it lists, routes to or registers.
SERVES: dict[str, frozenset[str]] = {
    "urls": frozenset({"urls", "views", "api"}),
    "views": frozenset({"views"}),
    "api": frozenset({"api"}),
    "routing": frozenset({"routing", "consumers"}),
    "consumers": frozenset({"consumers"}),
    "tasks": frozenset({"tasks"}),
    "commands": frozenset({"commands", "tasks"}),
    "apps": frozenset({"tasks"}),
}
# module name -> reason
EXCEPTIONS: dict[str, str] = {}


def forbidden_edges(module: Module) -> list[str]:
    """The imports of `module` that reach another room than those below its own."""
    allowed = BELOW[module.room] | {module.room}
    rooms = {name.partition(".")[0] for name in module.imported} & {*HOUSE, "tests"}
    return [f"{module.name} -> {room}" for room in sorted(rooms - allowed)]


def forbidden_entries(module: Module) -> list[str]:
    """The entry points `module` imports without being config or the one that serves them."""
    if module.room == "config":
        return []
    served = SERVES.get(module.entry_point, frozenset())
    return [
        f"{module.name} -> {name}"
        for name in sorted(ours(module))
        if (kind := modules()[name].entry_point) and (kind not in served or modules()[name].room != module.room)
    ]


def circles(edges: dict[str, frozenset[str]]) -> list[str]:
    """Every module that can reach itself."""
    found = []
    for start in sorted(edges):
        seen: set[str] = set()
        todo = list(edges[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(edges.get(name, ()))
        if start in seen:
            found.append(start)
    return found


def test_rooms_import_only_rooms_below() -> None:
    found = [edge for module in modules().values() for edge in forbidden_edges(module)]
    assert [edge for edge in found if edge.partition(" ")[0] not in EXCEPTIONS] == []


def test_no_module_imports_itself_in_a_circle() -> None:
    assert circles({name: ours(module) for name, module in modules().items()}) == []


def test_entry_points_are_imported_by_config_alone() -> None:
    found = [edge for module in modules().values() for edge in forbidden_entries(module)]
    assert [edge for edge in found if edge.partition(" ")[0] not in EXCEPTIONS] == []


def test_every_exception_still_stands_for_something() -> None:
    excused = {name for name, module in modules().items() if forbidden_edges(module) or forbidden_entries(module)}
    assert sorted(set(EXCEPTIONS) - excused) == []


def test_the_rule_sees_an_upward_import() -> None:
    module = parse("def f():\n    from bidding.opening import open_lot\n", Path("experts/panel.py"))
    assert forbidden_edges(module) == ["experts.panel -> bidding"]


def test_the_rule_sees_a_relative_import_and_tests() -> None:
    module = parse("from ..ledger import canon\nfrom . import money\nimport tests.shared\n", Path("trading/x/y.py"))
    assert module.imported == {"trading.ledger", "trading.ledger.canon", "trading.x", "trading.x.money", "tests.shared"}
    assert forbidden_edges(module) == ["trading.x.y -> tests"]


def test_the_rule_sees_a_circle() -> None:
    edges = {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"}), "d": frozenset({"a"})}
    assert circles(edges) == ["a", "b", "c"]
