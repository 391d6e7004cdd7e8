"""The lock of a site: one supervisor holds it, and whoever looks whether somebody does stands in nobody's way."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from config.running import BETWEEN, holder, take_lock


def test_one_holds_the_lock_and_its_number_is_told(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    first = take_lock(tmp_path)
    assert first is not None
    assert holder(tmp_path) == os.getpid()
    assert take_lock(tmp_path) is None
    first.close()
    assert holder(tmp_path) is None


def test_a_look_at_the_lock_does_not_keep_a_start_away(tmp_path: Path) -> None:
    look = (tmp_path / "up.lock").open("a+", encoding="ascii")
    fcntl.flock(look, fcntl.LOCK_SH)
    threading.Timer(2 * BETWEEN, look.close).start()
    lock = take_lock(tmp_path)
    assert lock is not None
    lock.close()
