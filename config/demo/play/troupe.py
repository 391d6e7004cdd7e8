"""Everybody of a cast as clients of one site, each with a password and a folder of its own.

Enters: the site, the cast, the folder of the demo, the operator's password. Leaves: clients; in the folder, `cast.json`
(whom a visitor may become) and `visitors.txt` (where to look, whom to sign in as).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from config.demo.play.agent import Agent
from config.demo.play.bidder import Bidder
from config.demo.play.centre import Centre
from config.demo.play.client import Client
from config.demo.play.custodian import Custodian
from config.demo.play.expert import Expert
from config.demo.play.guarantor import Guarantor
from config.demo.play.narrator import Narrator
from config.demo.play.operator import Operator
from config.demo.play.purchaser import Purchaser
from config.demo.play.regulator import Regulator
from config.demo.play.site import Site
from config.demo.play.stage import Cast, Person

C = TypeVar("C", bound=Client)


class Troupe:
    """The clients of a cast."""

    def __init__(self, site: Site, cast: Cast, demo: Path, operator: str, narrator: Narrator) -> None:
        self.site, self.cast, self.demo, self.narrator = site, cast, demo, narrator
        self._clients: dict[Person, Client] = {}
        self.operator = self._client(Operator, cast.operator, operator)
        self.purchaser = self._client(Purchaser, cast.purchaser)
        self.agent = self._client(Agent, cast.agent)
        self.centre = self._client(Centre, cast.centre)
        self.regulator = self._client(Regulator, cast.regulator)
        self.guarantor = self._client(Guarantor, cast.guarantor)
        self.bidders = {person: self._client(Bidder, person) for person in cast.bidders}
        self.experts = [self._client(Expert, one.person) for one in cast.experts]

    @property
    def custodians(self) -> list[Custodian]:
        """Who holds the leaves a, c, r."""
        return [self.agent, self.centre, self.regulator]

    @property
    def clients(self) -> list[Client]:
        """Everybody whose account the operator opens, in the order of opening."""
        return [self._clients[person] for person in self.cast.people]

    @property
    def signers(self) -> list[Client]:
        """Who needs a certificate from the beginning; experts get one with their seat."""
        guarantor = [self.guarantor] if self.cast.needs_guarantor else []
        return [*self.custodians, self.purchaser, *guarantor, *self.bidders.values()]

    def client(self, person: Person) -> Client:
        """The client of a person."""
        return self._clients[person]

    def _client(self, kind: type[C], person: Person, password: str = "") -> C:
        folder = self.demo / "parties" / person.folder
        made = kind(self.site, person, folder, self.narrator, password)
        self._clients[person] = made
        return made

    def tell_visitors(self, shown: Sequence[Person], look: Sequence[tuple[str, str]]) -> None:
        """Write `cast.json` and `visitors.txt`; `look` is what to see and at which path."""
        names = [person.username for person in shown]
        (self.demo / "cast.json").write_text(json.dumps(names, indent=1) + "\n", encoding="utf-8")
        lines = ["", "到处看看 Where to look"]
        lines += [f"  {what}\n    {self.site.pages}{path}" for what, path in look]
        lines += ["", "可登录身份 Whom to sign in as (user name, password)"]
        lines += [
            f"  {person.role:<10} {person.username:<12} {self.client(person).password:<16} {person.display}"
            + (f" · {person.body.name}" if person.body else "")
            for person in shown
        ]
        lines += [
            "",
            "密钥：投标页选择本人文件夹中的 key.pem、certificate.pem、roots.pem，口令即登录密码",
            "Keys: in the bid page choose these three files of your folder; the passphrase is the password",
            f"    {self.demo / 'parties'}/<user name>/",
            "",
        ]
        path = self.demo / "visitors.txt"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines), encoding="utf-8")
