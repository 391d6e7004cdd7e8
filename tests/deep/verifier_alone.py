"""The verifier on its own: `pip install .[verifier]` into an empty environment, without Django, run without a network.

Leaves: what was installed, and that both bundles of a whole tender pass there. While it runs, every socket, name
look-up and process that it might open is refused by an audit hook of the interpreter, and it stands in an empty folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.parts import ROOT, NotHere, say

PACKAGES = {"sunlight", "cryptography", "asn1crypto", "rfc3161-client", "cffi", "pycparser"}
LEFT_OUT = shutil.ignore_patterns(".*", "var", "node_modules", "build", "dist", "*.egg-info", "__pycache__", "*.mo")
ALONE = """
import runpy, sys

def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "urllib.")):
        raise RuntimeError(f"the verifier reaches out: {event}")

sys.addaudithook(refuse)
runpy.run_module("supervision.verifier", run_name="__main__", alter_sys=True)
"""
MISSING = "import importlib.util as u; print([n for n in ('django', 'celery', 'redis', 'httpx') if u.find_spec(n)])"


def installed(folder: Path) -> Path:
    """An environment with nothing but the verifier in it; its interpreter."""
    source, home = folder / "source", folder / "alone"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    python = home / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{source}[verifier]"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "No matching distribution" in done.stderr:
        raise NotHere("needs an index with the three packages of the verifier")
    assert done.returncode == 0, done.stderr
    return python


def bundles(folder: Path) -> list[Path]:
    """Both bundles of a whole tender, with the verifier's own key and roots beside them."""
    from tests.bench import verifying

    verifying.Crowd.COUNT, verifying.Crowd.NAMES = 5, verifying.Crowd.NAMES[:10]
    tender = verifying.played().tender
    from supervision.bundling import public_bundle, regulators_bundle  # Django is loaded by now
    from supervision.trusting import log_key_text
    from trading import authority

    (folder / "log.key").write_text(log_key_text())
    (folder / "roots.pem").write_text(authority.roots_pem())
    both = {"public.zip": public_bundle(tender), "regulators.zip": regulators_bundle(tender)}
    for name, data in both.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in both]


def passes(python: Path, bundle: Path, empty: Path) -> None:
    """The bundle passes, in both languages, with nothing around it."""
    own = ["--log-key", str(bundle.parent / "log.key"), "--roots", str(bundle.parent / "roots.pem")]
    for language, word in (("zh", "0 项不通过"), ("en", "checks passed, 0 failed")):
        command = [str(python), "-I", "-c", ALONE, str(bundle), *own, "--language", language]
        done = subprocess.run(command, cwd=empty, env={"PATH": os.defpath}, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        assert word in done.stdout, done.stdout
        say(f"{bundle.name}: {done.stdout.splitlines()[-1]}")


def run() -> None:
    """Install it, see what came along, verify."""
    with tempfile.TemporaryDirectory(prefix="sunlight-alone-") as name:
        folder = Path(name)
        python = installed(folder)
        listed = subprocess.run(
            [python, "-m", "pip", "list", "--format", "freeze"], stdout=subprocess.PIPE, text=True, check=True
        )
        packages = {line.partition("==")[0].lower() for line in listed.stdout.splitlines()} - {"pip", "setuptools"}
        assert packages <= PACKAGES, packages - PACKAGES
        found = subprocess.run([python, "-c", MISSING], stdout=subprocess.PIPE, text=True, check=True)
        assert found.stdout.strip() == "[]", found.stdout
        say(f"installed: {', '.join(sorted(packages))}")
        empty = folder / "empty"
        empty.mkdir()
        for bundle in bundles(folder):
            passes(python, bundle, empty)
