"""A custodian's key is destroyed when nothing needs it any more, and not before, unless its holder insists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bidding.client.__main__ import main
from bidding.client.destroying import destroy_keys, idle_keys
from bidding.client.keys import KeyFolder, write_private
from ledger.errors import Refused
from tests.bidding.client.offers import DeskSession
from tests.bidding.full_hall import Hall
from tests.world import World
from trading.models import Account
from trading.stages import Stage


@pytest.fixture
def hall(world: World) -> Hall:
    made = Hall(world)
    for number in (1, 2, 3):
        made.submit(number)
    return made


def session(hall: Hall, account: Account) -> Any:
    browser = Client()
    browser.force_login(account)
    return DeskSession(browser, hall.world.clock.now())


def folder_with(hall: Hall, path: Path, label: str) -> KeyFolder:
    """The folder of the custodian whose key stands under `label`."""
    path = path / "keys"
    write_private(path / "custodian.key", f"{hall.keys[label].secret_text()}\n".encode())
    (path / "custodian.pub").write_text(f"{hall.keys[label].recipient}\n")
    return KeyFolder(path)


def test_a_key_that_a_lot_needs_stays(hall: Hall, tmp_path: Path) -> None:
    folder, site = folder_with(hall, tmp_path, "a"), session(hall, hall.world.agent)
    for step in (lambda: None, hall.count, lambda: hall.release("a")):
        step()
        assert idle_keys(site, folder) == []
        with pytest.raises(Refused) as caught:
            destroy_keys(site, folder)
        assert caught.value.codes == ["client.key_needed"]
        assert hall.lot.code in str(caught.value)
    assert sorted(path.name for path in folder.path.iterdir()) == ["custodian.key", "custodian.pub"]


def test_a_key_that_nothing_needs_is_said_to_be_so_and_goes(hall: Hall, tmp_path: Path) -> None:
    folder, site = folder_with(hall, tmp_path, "c"), session(hall, hall.world.centre)
    hall.count()
    hall.move(Stage.FAILED)
    assert idle_keys(site, folder) == [str(hall.keys["c"].recipient)]
    destroy_keys(site, folder)
    assert list(folder.path.iterdir()) == []


def test_without_its_public_half_the_key_itself_is_asked(hall: Hall, tmp_path: Path) -> None:
    folder, site = folder_with(hall, tmp_path, "c"), session(hall, hall.world.centre)
    (folder.path / "custodian.pub").unlink()
    with pytest.raises(Refused) as caught:
        destroy_keys(site, folder)
    assert caught.value.codes == ["client.key_needed"]


def test_who_signs_in_as_somebody_else_destroys_nothing(hall: Hall, tmp_path: Path) -> None:
    folder = folder_with(hall, tmp_path, "a")
    with pytest.raises(Refused) as caught:
        destroy_keys(session(hall, hall.world.centre), folder)
    assert caught.value.codes == ["client.key_unknown"]
    assert (folder.path / "custodian.key").exists()


def test_a_replaced_key_that_is_still_in_force_is_needed(hall: Hall, tmp_path: Path) -> None:
    folder = folder_with(hall, tmp_path, "a")
    folder.renew_custodian_key(plain=True)
    assert sorted(path.name for path in folder.path.iterdir()) == [
        "custodian-1.key", "custodian-1.pub", "custodian.key", "custodian.pub",
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        destroy_keys(session(hall, hall.world.agent), folder)
    assert caught.value.codes == ["client.key_needed"]


def test_force_asks_nobody(tmp_path: Path) -> None:
    KeyFolder(tmp_path).make_custodian_key(plain=True)
    words = ["destroy-key", "--folder", str(tmp_path), "--language", "en", "--site", "http://127.0.0.1:9"]
    assert main([*words, "--force"]) == 0
    assert list(tmp_path.iterdir()) == []
    assert main([*words, "--force"]) == 1
