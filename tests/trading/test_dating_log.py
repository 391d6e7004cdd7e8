"""The log gets its timestamps: one for all that came, at an interval, asked for again, and never in the log's way."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from ledger import clock, dating, note, timestamps, tree
from ledger.dated import dated, own_note, token_time
from ledger.models import CheckpointRow, CheckpointToken, Lease
from ledger.sequencer import log_key
from tests.ledger.test_witnessing import newest as newest_point
from tests.ledger.test_witnessing import turn_page
from tests.world import World
from trading import dating_log, ticks, timestamping

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

JSON = {"accept": "application/json"}


def public() -> bytes:
    """The log's key."""
    return note.raw_public(log_key().public_key())


def interval_is_over() -> None:
    """As if the machine's clock had moved on."""
    Lease.objects.filter(name=dating_log.TURN).update(next=clock.real_now())


def test_one_token_dates_all_that_came_since_the_last(world: World) -> None:
    assert dating_log.call() == 0
    assert (dating.newest(), dating.standing(), dating.oldest_waiting()) == (None, None, None)
    turn_page(world)
    early = newest_point()
    turn_page(world, 2)
    assert dating.oldest_waiting() == CheckpointRow.objects.get(size=early.size)
    ticks.tick(world.clock.now())
    token = CheckpointToken.objects.get()
    late = newest_point()
    assert (token.size, token.at) == (late.size, world.clock.now().replace(microsecond=0))
    assert (dating.waiting(), dating.oldest_waiting()) == (None, None)
    for point in (early, late):
        by = dating.dating(point.size)
        assert by is not None
        assert dated(point, by, public(), timestamping.roots()) == token.at


def test_the_next_token_comes_after_the_interval_and_only_when_there_is_news(world: World) -> None:
    turn_page(world)
    dating_log.call()
    turn_page(world, 2)
    dating_log.call()
    assert CheckpointToken.objects.count() == 1
    interval_is_over()
    dating_log.call()
    assert CheckpointToken.objects.count() == 2
    interval_is_over()
    dating_log.call()
    assert CheckpointToken.objects.count() == 2
    assert dating.dating(newest_point().size + 1) is None


def test_an_authority_that_is_down_stops_nothing_and_is_asked_again_soon(world: World, settings: Settings) -> None:
    settings.TSA_URL = "http://127.0.0.1:1/"
    turn_page(world)
    assert ticks.tick(world.clock.now()) == 0
    turn_page(world, 2)
    assert (dating.newest(), dating.waiting()) == (None, tree.latest_checkpoint())
    wait = Lease.objects.get(name=dating_log.TURN).next - clock.real_now()
    assert timedelta(0) < wait <= timedelta(seconds=dating_log.AGAIN)
    settings.TSA_URL = ""
    interval_is_over()
    dating_log.call()
    assert dating.waiting() is None


def test_a_token_is_never_changed(world: World) -> None:
    turn_page(world)
    dating_log.call()
    kept = CheckpointToken.objects.get()
    dating.keep(kept.size, b"another", kept.at)
    assert bytes(CheckpointToken.objects.get().token) == bytes(kept.token)
    with pytest.raises(DatabaseError, match="evidence is never changed"), transaction.atomic():
        CheckpointToken.objects.update(token=b"another")
    with pytest.raises(DatabaseError, match="evidence is never changed"), transaction.atomic():
        CheckpointToken.objects.all().delete()


def test_everybody_gets_tokens_and_what_they_are_over_and_openssl_agrees(
    world: World, client: Client, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    turn_page(world)
    dating_log.call()
    size = newest_point().size
    assert client.get("/log/timestamps/", headers=JSON).json() == {
        "timestamps": [{"size": size, "at": "2026-03-02T01:00:00Z"}], "before": None,
    }  # fmt: skip
    for name, kind in (("tsr", timestamps.REPLY), ("checkpoint", "text/plain; charset=utf-8")):
        answer = client.get(f"/log/timestamps/{size}.{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert "immutable" in answer["Cache-Control"]
        (tmp_path / name).write_bytes(answer.content)
    roots = client.get("/supervision/timestamps.pem")
    (tmp_path / "timestamps.pem").write_bytes(roots.content)
    at = ["-attime", str(int(world.clock.now().timestamp()))]
    command = ["openssl", "ts", "-verify", "-in", "tsr", "-data", "checkpoint", "-CAfile", "timestamps.pem", *at]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    signed = (tmp_path / "checkpoint").read_bytes()
    assert own_note(client.get("/log/checkpoint").content, public()) == signed
    assert token_time((tmp_path / "tsr").read_bytes(), signed, public(), timestamping.roots()) == world.clock.now()
    (tmp_path / "checkpoint").write_bytes(signed + b"!")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_pages_tell_the_newest_token_and_its_age(world: World, client: Client) -> None:
    turn_page(world)
    for address in ("/log/witnesses", "/log/timestamps/"):
        assert "日志尚无时间戳" in client.get(address).content.decode()
    dating_log.call()
    world.clock.pass_(timedelta(seconds=95))
    for address in ("/log/witnesses", "/log/timestamps/", "/verify"):
        text = client.get(address).content.decode()
        assert f"覆盖 {newest_point().size} 条，2026-03-02 09:00:00" in text
        assert "95 秒前" in text


@pytest.mark.parametrize("name", ["7.tsr", "7.checkpoint", f"{10**30}.tsr", "-1.tsr", "x.tsr"])
def test_what_is_not_dated_is_not_there(world: World, client: Client, name: str) -> None:
    turn_page(world)
    assert client.get(f"/log/timestamps/{name}").status_code == 404


def test_a_long_list_goes_on(world: World, client: Client) -> None:
    turn_page(world)
    for size in range(101, 153):
        dating.keep(size, b"token", world.clock.now())
    first = client.get("/log/timestamps/", headers=JSON).json()
    assert ([row["size"] for row in first["timestamps"]][::49], first["before"]) == ([152, 103], 103)
    assert "?before=103" in client.get("/log/timestamps/").content.decode()
    rest = client.get("/log/timestamps/?before=103", headers=JSON).json()
    assert ([row["size"] for row in rest["timestamps"]], rest["before"]) == ([102, 101], None)
    assert client.get(f"/log/timestamps/?before={'9' * 40}", headers=JSON).json() == first
