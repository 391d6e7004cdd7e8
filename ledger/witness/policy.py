"""Pure. Who counts as a witness of the log: the policy file of C2SP tlog-policy.

Enters: the text of the file. Leaves: the log's keys, the witnesses with their addresses, and whether a set of
witnesses that cosigned makes the quorum.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ledger.errors import Broken, _
from ledger.note import ED25519, signature_lines, text_of, verifier_key
from ledger.witness.cosignature import Witness, check, parse_verifier_key

NOBODY = "none"


@dataclass(frozen=True)
class Group:
    """At least `least` of `members`, each a witness or a group named before."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs by origin (32-byte keys), witnesses and their addresses by the policy's own names, groups, the quorum."""

    logs: Mapping[str, bytes]
    witnesses: Mapping[str, Witness]
    addresses: Mapping[str, str]
    groups: Mapping[str, Group]
    quorum: str

    def satisfied(self, cosigned: Collection[str]) -> bool:
        """Whether the witnesses with these names of the policy make the quorum."""
        return self.quorum == NOBODY or self._holds(self.quorum, cosigned)

    def _holds(self, name: str, cosigned: Collection[str]) -> bool:
        if name in self.witnesses:
            return name in cosigned
        group = self.groups[name]
        return sum(self._holds(member, cosigned) for member in group.members) >= group.least


class _Draft:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: dict[str, bytes] = {}
        self.witnesses: dict[str, Witness] = {}
        self.addresses: dict[str, str] = {}
        self.groups: dict[str, Group] = {}
        self.taken: set[str] = set()
        self.quorum: str | None = None

    def log(self, key: str, url: str = "") -> None:  # noqa: ARG002  what the address is for is up to the reader
        name, public = parse_log_key(key)
        if public in self.logs.values():
            raise Broken(_("the policy names a log twice"))
        self.logs[name] = public

    def witness(self, name: str, key: str, url: str = "") -> None:
        found = parse_verifier_key(key)
        self._new(name)
        if any(found.public == other.public for other in self.witnesses.values()):
            raise Broken(_("the policy names a witness twice"))
        self.witnesses[name] = found
        self.addresses[name] = url

    def group(self, name: str, count: str, *members: str) -> None:
        self._new(name)
        least = {"any": 1, "all": len(members)}.get(count) or _number(count)
        if not 1 <= least <= len(members):
            raise Broken(_("a group of the policy asks for more than it has, or for nobody"))
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise Broken(f"the policy does not say who {member} is")
            if member in self.taken:
                raise Broken(f"the policy counts {member} twice")
            self.taken.add(member)
        self.groups[name] = Group(least, members)

    def decide(self, name: str) -> None:
        if self.quorum is not None:
            raise Broken(_("the policy has two quorums"))
        if name != NOBODY and name not in self.witnesses and name not in self.groups:
            raise Broken(f"the policy does not say who {name} is")
        self.quorum = name

    def _new(self, name: str) -> None:
        if name == NOBODY or name in self.witnesses or name in self.groups:
            raise Broken(f"the policy uses the name {name} twice")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or text.startswith("0"):
        raise Broken(_("a group of the policy has no number"))
    return int(text)


def parse_log_key(text: str) -> tuple[str, bytes]:
    """Origin and 32-byte key of a log's `name+hash+base64`; `Broken` when the parts do not fit together."""
    name, _plus, rest = text.partition("+")
    try:
        raw = base64.b64decode(rest.partition("+")[2], validate=True)  # base64 has plus signs of its own
    except ValueError as error:
        raise Broken(_("not the key of a log")) from error
    if raw[:1] != ED25519 or len(raw) != 33 or verifier_key(name, raw[1:]) != text:
        raise Broken(_("not the key of a log"))
    return name, raw[1:]


def parse_policy(text: str) -> Policy:
    """The policy in `text`; `Broken` for anything tlog-policy does not allow."""
    draft = _Draft()
    kinds: dict[str, Callable[..., None]] = {"log": draft.log, "witness": draft.witness, "group": draft.group}
    kinds["quorum"] = draft.decide
    for line in text.split("\n"):
        words = line.replace("\t", " ").split(" ")
        kind, *rest = [word for word in words if word] or ["#"]
        if kind.startswith("#"):
            continue
        if any(ord(letter) < 32 for word in rest for letter in word) or kind not in kinds:
            raise Broken(f"a line of the policy says nothing known: {kind}")
        try:
            kinds[kind](*rest)
        except TypeError as error:  # too few or too many words
            raise Broken(f"a {kind} line of the policy has the wrong length") from error
    if draft.quorum is None:
        raise Broken(_("the policy has no quorum"))
    return Policy(draft.logs, draft.witnesses, draft.addresses, draft.groups, draft.quorum)


def cosigners(signed: bytes, policy: Policy, since: datetime) -> set[str]:
    """The policy's names of the witnesses who cosigned the note `signed` at or after `since`; `Broken` for no note."""
    point, found = text_of(signed), set()
    for line in signature_lines(signed):
        for name, witness in policy.witnesses.items():
            with suppress(Broken):
                if check(line, point, witness) >= since.timestamp():
                    found.add(name)
    return found
