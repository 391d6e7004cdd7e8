"""The ground plan: eight rooms and nothing else at the top, empty doors, and no code of others carried in."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.house import HOUSE, ROOT, committed, modules

FOLDERS = frozenset({*HOUSE, "tests", "docs", ".ci"})
FILES = frozenset({"README.md", "LICENSE", "sunlight", "Makefile", "manage.py", "pyproject.toml"})
FOREIGN_FOLDERS = frozenset({"node_modules", "vendor", "vendored", "third_party", "bower_components", "site-packages"})
FOREIGN_ENDINGS = (".min.js", ".min.css", ".bundle.js", ".js.map", ".whl", ".tgz", ".jar", ".dll", ".so", ".exe")
# path -> reason
EXCEPTIONS: dict[str, str] = {}


def is_allowed_top(path: Path) -> bool:
    """Whether architecture.md, "Top level", names this place."""
    top = path.parts[0]
    if len(path.parts) > 1:
        return top in FOLDERS or top.startswith(".")
    return top in FILES or top.startswith(".") or (top.startswith("requirements") and path.suffix == ".txt")


def is_foreign(path: Path) -> bool:
    """Whether this looks like somebody else's built code."""
    return bool(FOREIGN_FOLDERS & set(path.parts)) or path.name.endswith(FOREIGN_ENDINGS)


def test_nothing_stands_beside_the_rooms() -> None:
    assert [str(path) for path in committed() if not is_allowed_top(path)] == []


def test_no_room_is_missing() -> None:
    assert [room for room in HOUSE if not (ROOT / room / "__init__.py").is_file()] == []


def test_room_doors_are_empty() -> None:
    assert [room for room in HOUSE if (ROOT / room / "__init__.py").read_text(encoding="utf-8").strip()] == []


def test_no_code_of_others_is_committed() -> None:
    assert [str(path) for path in committed() if is_foreign(path) and str(path) not in EXCEPTIONS] == []


def test_no_committed_file_is_huge() -> None:
    sizes = {path: (ROOT / path).stat().st_size for path in committed() if (ROOT / path).is_file()}
    assert [str(path) for path, size in sizes.items() if size > 1_000_000 and str(path) not in EXCEPTIONS] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        name
        for name, module in modules().items()
        if module.tree.body and module.path.name != "__init__.py" and "migrations" not in module.path.parts
        and not isinstance(getattr(getattr(module.tree.body[0], "value", None), "value", None), str)
    ]  # fmt: skip
    assert silent == []


def test_the_rule_knows_what_is_foreign() -> None:
    paths = [Path("config/static/jquery.min.js"), Path("config/frontend/node_modules/x.js"), Path("config/x.js")]
    assert [is_foreign(path) for path in paths] == [True, True, False]
    assert [is_allowed_top(Path(name)) for name in ("utils/x.py", "setup.py", ".ci/run", "requirements-test.txt")] == [
        False, False, True, True,
    ]  # fmt: skip
