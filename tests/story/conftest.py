"""The demo of the story: a real site on which the built-in case was played."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.story.demo import Demo


@dataclass
class Played:
    """A demo after its play: what the play said, a visitor who is not signed in, the lot that was left open."""

    demo: Demo
    done: subprocess.CompletedProcess[str]
    public: httpx.Client
    left_open: dict[str, Any]


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    demo = Demo(tmp_path_factory.mktemp("story") / "var")
    try:
        demo.start()
        done = demo.play()
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        with closing(demo.client()) as public:
            left_open = public.get("/lots/sl-2026-0002-1").raise_for_status().json()
            yield Played(demo, done, public, left_open)
    finally:
        demo.stop()
