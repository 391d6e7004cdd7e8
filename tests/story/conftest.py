"""The two demos of the story: one with the built-in case played, one with a table replayed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
import pytest

from tests.story.demo import Demo


@dataclass
class Played:
    """A demo after its play: what the play said, and a visitor who is not signed in."""

    demo: Demo
    done: subprocess.CompletedProcess[str]
    public: httpx.Client


def played(demo: Demo, *words: str) -> Iterator[Played]:
    try:
        demo.start()
        done = demo.play(*words)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        with closing(demo.client()) as public:
            yield Played(demo, done, public)
    finally:
        demo.stop()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield from played(Demo(tmp_path_factory.mktemp("story") / "var"))
