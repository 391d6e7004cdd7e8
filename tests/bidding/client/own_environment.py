"""An environment as `pip install .[client]` makes it, built without a network: the files that the wheel would hold, and
the distributions that the extra asks for, straight and through others. Nothing else can be imported in it.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def closure(extra: str) -> set[str]:
    """The distributions that an extra of this project needs, by their names."""
    project = PROJECT["project"]
    waiting = [*project["dependencies"], *project["optional-dependencies"][extra]]
    found: set[str] = set()
    while waiting:
        needed = Requirement(waiting.pop())
        name = canonicalize_name(needed.name)
        wanted = any(needed.marker.evaluate({"extra": one}) for one in ("", *needed.extras)) if needed.marker else True
        if wanted and name not in found:
            found.add(name)
            further = importlib.metadata.requires(name) or []
            waiting += [one for one in further if _asked(one, needed.extras)]
    return found


def _asked(text: str, extras: set[str]) -> bool:
    marker = Requirement(text).marker
    return marker is None or any(marker.evaluate({"extra": one}) for one in ("", *extras))


def packages() -> Iterator[Path]:
    """Every package that the wheel holds, by setuptools' own rules in pyproject.toml."""
    rules = PROJECT["tool"]["setuptools"]["packages"]["find"]
    for root in sorted(ROOT.iterdir()):
        for init in root.rglob("__init__.py") if root.is_dir() and not root.name.startswith(".") else ():
            name = ".".join(init.parent.relative_to(ROOT).parts)
            inside = any(fnmatch(name, one) for one in rules["include"])
            if inside and not any(fnmatch(name, one) for one in rules["exclude"]):
                yield init.parent


def wheel_files() -> Iterator[Path]:
    """Every file that the wheel holds."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    for folder in packages():
        yield from folder.glob("*.py")
        for pattern in patterns:
            yield from (path for path in folder.glob(pattern) if path.is_file())


def build(folder: Path) -> dict[str, str]:
    """Make the environment in `folder`; the variables with which a process runs in it (python -S -s)."""
    for path in wheel_files():
        to = folder / "wheel" / path.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    deps = folder / "deps"
    deps.mkdir()
    for name in closure("client"):
        for file in importlib.metadata.files(name) or []:
            top = file.parts[0]
            if top not in {"..", "__pycache__"} and not (deps / top).exists():
                (deps / top).symlink_to(Path(str(file.locate())).parents[len(file.parts) - 2] if len(file.parts) > 1
                                        else Path(str(file.locate())))  # fmt: skip
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "DJANGO_"))}
    return {**clean, "PYTHONPATH": f"{folder / 'wheel'}{os.pathsep}{deps}", "PYTHONDONTWRITEBYTECODE": "1"}


def command(*words: str) -> list[str]:
    """A command line of the client in such an environment."""
    return [sys.executable, "-S", "-s", "-m", "bidding.client", *words]
