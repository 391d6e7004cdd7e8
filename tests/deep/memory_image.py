"""Core images of every process of a site in which sealed bids are in: no canary of any bid lies in any of them (P1).

Taken by gdb's `gcore`, protected pages included: once while bids are in, and once more after every process was started
anew. In every image a control that the process does hold must be found, or the search is worth nothing.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tests.bidding.memory import ForbiddenError, family, image_of, searched
from tests.bidding.sealed_site import SealedSite
from tests.parts import NotHere, say

ROOM = 2 << 30


def look(site: SealedSite, folder: Path) -> None:
    """Take and search the image of each process of the site."""
    chief = json.loads((site.home / "var" / "run" / "site.json").read_text())["pid"]
    needles = site.canaries.needles() | {"control": site.control.encode()}
    for pid, words in family(chief).items():
        size, found = searched(image_of(pid, folder), needles)
        assert "control" in found, f"the control was not found in {words}: this search has no power"
        leaks = sorted(found - {"control"})
        assert not leaks, f"{words} holds a canary: {leaks}"
        say(f"{words:<62}{size >> 20:>6} MiB, control found, no canary")


def run() -> None:
    """Fill a site with sealed bids and look into it, twice."""
    with tempfile.TemporaryDirectory(prefix="sunlight-image-") as name:
        if shutil.disk_usage(name).free < ROOM:
            raise NotHere(f"2 GiB must be free in {Path(name).parent}; TMPDIR names another place")
        site = SealedSite(Path(name))
        try:
            site.start()
            site.fill()
            say(f"{len(site.canaries.needles())} forms of the canaries are looked for")
            look(site, Path(name))
            site.run("manage.py", "down")
            site.run("manage.py", "up", "--background")
            say("and once more, after every process was started anew")
            look(site, Path(name))
        except ForbiddenError as reason:
            raise NotHere(str(reason)) from reason
        finally:
            site.stop()
