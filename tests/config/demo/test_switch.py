"""The role switcher: POST, listed accounts, this machine; each use leaves an entry."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.config.demo.inside import inside

# Every case in one process: starting one takes longer than all of them.
SCRIPT = """
from django.conf import settings
from django.test import Client
from ledger.models import EntryRow
from trading.enrolment import open_account
from trading.models import Account
for name in ("one", "two"):
    open_account(name, "correct horse battery", Role.EXPERT, name, None, actor=OPERATOR)
folder = settings.VAR / "demo"
folder.mkdir()

def switch(method, data, address="127.0.0.1"):
    client, before = Client(HTTP_HOST="127.0.0.1"), EntryRow.objects.count()
    answer = getattr(client, method)("/demo/switch", data, REMOTE_ADDR=address, HTTP_ACCEPT="application/json")
    who = Account.objects.filter(pk=client.session.get("_auth_user_id") or 0).values_list("username", flat=True)
    new = list(EntryRow.objects.order_by("pk")[before:].values_list("tag", "scope"))
    return [answer.status_code, "".join(who), new, answer.get("Location")]

said = {"no cast": switch("post", {"account": "one"})}
(folder / "cast.json").write_text(json.dumps(["one"]))
said["listed"] = switch("post", {"account": "one", "next": "/certificates"})
said["not listed"] = switch("post", {"account": "two"})
said["another machine"] = switch("post", {"account": "one"}, "10.0.0.7")
said["a link"] = switch("get", {"account": "one"})
said["away"] = switch("post", {"account": "one", "next": "https://elsewhere.example/"})
print(json.dumps(said))
"""
ENTRY = [["config:role:switched", "demo"]]


@pytest.fixture(scope="module")
def said(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    var = tmp_path_factory.mktemp("switch") / "var"
    shutil.copytree(migrated, var)
    return inside(var, SCRIPT)


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        ("listed", [302, "one", ENTRY, "/certificates"]),
        ("not listed", [404, "", [], None]),
        ("no cast", [404, "", [], None]),
        ("another machine", [422, "", [], None]),
        ("a link", [405, "", [], None]),
        ("away", [302, "one", ENTRY, "/"]),
    ],
)
def test_a_visitor_becomes_a_listed_account_on_this_machine_alone(said: Any, case: str, answer: list[object]) -> None:
    assert said[case] == answer
