"""How much memory the command line takes at its highest, above what it held idle.

The process measures itself: what the parent reads after a fork may be the parent's own peak.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[3]
PROMISED = 64 << 10  # KiB above the idle process, whatever the length of the file
MEASURED = """
import sys
from bidding.envelope.__main__ import main
def memory(word):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(word))
idle = memory("VmRSS:")
status = main(sys.argv[1:])
print(memory("VmHWM:") - idle, file=sys.stderr)
sys.exit(status)
"""


def start(
    *arguments: str, folder: Path, stdin: IO[bytes] | int | None = None, stdout: IO[bytes] | int | None = None
) -> subprocess.Popen[bytes]:
    """`python -m bidding.envelope` with `arguments`; its standard error is for `peak`."""
    return subprocess.Popen(
        [sys.executable, "-c", MEASURED, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )


def peak(process: subprocess.Popen[bytes]) -> int:
    """KiB above idle, once the process has ended well."""
    _out, said = process.communicate()
    assert process.returncode == 0, said.decode()
    return int(said)
