"""The log as it is served: the paths, types and cache headers of C2SP tlog-tiles."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from ledger import merkle, note, sequencer, tiles
from tests.ledger.test_fsck import log  # noqa: F401  the fixture
from tests.world import World

FOR_EVER = "public, max-age=31536000, immutable"


def test_the_checkpoint_is_text_and_kept_for_a_moment_only(log: World, client: Client) -> None:  # noqa: F811
    answer = client.get("/log/checkpoint")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/plain; charset=utf-8", "public, max-age=1")
    found = note.read(answer.content, note.raw_public(sequencer.log_key().public_key()))
    assert (found.origin, found.size) == ("sunlight.invalid/log", 600)


@pytest.mark.parametrize("path", ["0/000", "0/001", "0/002.p/88", "1/000.p/2", "1/000.p/1"])
def test_hash_tiles_are_bytes_for_ever(log: World, client: Client, path: str) -> None:  # noqa: F811
    answer = client.get(f"/log/tile/{path}")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/octet-stream", FOR_EVER)
    assert len(answer.getvalue()) == 32 * int(path.partition(".p/")[2] or 256)
    assert not answer.cookies


def test_what_is_served_gives_the_signed_root(log: World, client: Client) -> None:  # noqa: F811
    leaves = []
    for path in ("000", "001", "002.p/88"):
        leaves += tiles.unbundle(client.get(f"/log/tile/entries/{path}").content)
    signed = note.read(client.get("/log/checkpoint").content, note.raw_public(sequencer.log_key().public_key()))
    assert merkle.root_of([merkle.leaf_hash(leaf) for leaf in leaves]) == signed.root


def test_bundles_are_compressed_for_whoever_takes_that(log: World, client: Client) -> None:  # noqa: F811
    plain = client.get("/log/tile/entries/000")
    packed = client.get("/log/tile/entries/000", headers={"accept-encoding": "gzip"})
    assert (plain["Cache-Control"], packed["Cache-Control"]) == (FOR_EVER, FOR_EVER)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)


@pytest.mark.parametrize("path", ["tile/0/003", "tile/2/000.p/1", "tile/0/000.p/5", "tile/0/0", "tile/entries/../0"])
def test_what_the_log_does_not_have_is_not_there(log: World, client: Client, path: str) -> None:  # noqa: F811
    assert client.get(f"/log/{path}").status_code == 404


def test_nobody_writes_the_log_from_outside(world: World, client: Client) -> None:
    assert client.post("/log/checkpoint").status_code == 405
    assert client.get("/log/checkpoint").status_code == 404
