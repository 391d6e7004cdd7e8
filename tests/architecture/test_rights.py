"""Rights, generated from the one table: nothing is reachable that it does not name.

Every role, act and stage that it does not allow is refused through the real doors, leaving no entry.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from ledger.actor import NOBODY, THE_CLOCK, Actor, Role
from ledger.errors import Refused
from ledger.rights import ACTS, Act, anyone
from tests.world import MORNING, World
from trading.doors import DOORS, Door, check_role
from trading.models import Lot, Tender
from trading.stages import Stage

# Views that are not ours: signing in and out, the language; and two that tell no secret and change nothing.
FOREIGN = ("accounts/", "i18n/", "health", "clock")
# Acts whose doors are not functions of (actor, form): uploads stream raw bytes, signing in needs the request.
OWN_DOORS = {"bidding:envelope:submit"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its pattern."""
    for item in resolver.url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, route)
        else:
            yield route, item


ADDRESSES = list(patterns(get_resolver()))


def test_every_address_names_an_act_of_the_table() -> None:
    nameless = [
        route
        for route, item in ADDRESSES
        if not route.startswith(FOREIGN) and getattr(item.callback, "act_name", None) not in ACTS
    ]
    assert nameless == []


def test_every_act_of_people_has_a_door() -> None:
    people = {name for name, row in ACTS.items() if not row.reads and row.roles - {Role.CLOCK}}
    reached = {getattr(item.callback, "act_name", None) for _route, item in ADDRESSES}
    assert sorted(name for name in people - reached if not name.startswith("tests:")) == []
    assert sorted(people - set(DOORS) - OWN_DOORS - {name for name in people if name.startswith("tests:")}) == []


def test_the_clock_has_no_door() -> None:
    alone = {name for name, row in ACTS.items() if row.roles == {Role.CLOCK}}
    assert alone & set(DOORS) == set()


def dummy(hint: object) -> object:
    """A value of the declared type that says nothing."""
    plain: dict[object, object] = {
        str: "x", int: 1, Decimal: Decimal(1), bool: True, datetime: MORNING, bytes: b"x",
    }  # fmt: skip
    if hint in plain:
        return plain[hint]
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return (dummy(parts[0]),)
    if parts:
        return None
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    assert isinstance(hint, type)
    hints = typing.get_type_hints(hint)
    return hint(**{field.name: dummy(hints[field.name]) for field in dataclasses.fields(hint)})


def names_in_path(door: Door) -> list[str]:
    """The parameters of the door's address."""
    found = [item for _route, item in ADDRESSES if getattr(item.callback, "act_name", None) == door.name]
    return [name for item in found[:1] for name in item.pattern.converters]


def actors(world: World) -> dict[Role, Actor]:
    """One actor for each role, standing as near to the lot as the role allows."""
    people = (world.purchaser, world.agent, world.centre, world.regulator, world.guarantor, world.operator)
    near = {Role(account.role): account.actor for account in (*people, world.bidder(1), world.expert(1))}
    return {**near, Role.CLOCK: THE_CLOCK, Role.PUBLIC: NOBODY}


def strangers(world: World) -> dict[Role, Actor]:
    """One actor for each role that belongs to an organisation with no part in the tender."""
    bodies = [Role.PURCHASER, Role.AGENT, Role.CENTRE, Role.REGULATOR, Role.GUARANTOR]
    others = {role: world.account(f"other-{role}", role).actor for role in bodies}
    return {**others, Role.BIDDER: world.stranger.actor, Role.EXPERT: world.account("nobody", Role.EXPERT, None).actor}


def attempt(door: Door, actor: Actor, world: World) -> list[str]:
    """Try the door; the codes of the refusal, [] when it let the actor in."""
    codes = {"tender": "sl-2026-001", "lot": "sl-2026-001-1", "code": "sl-2026-001-1"}
    path = {name: codes.get(name, "1") for name in names_in_path(door)}
    before = world.recorded()
    try:
        check_role(door.name, actor)
        door.run(actor, dummy(door.form), **path)
    except Refused as refusal:
        assert world.recorded() == before
        return refusal.codes
    return []


def allowed(row: Act, role: Role, stage: str) -> bool:
    """What the table says of a role at a stage, the relation aside."""
    return role in row.roles and (row.stages is None or stage in row.stages)


DOOR_NAMES = sorted(name for name in DOORS if not name.startswith(("tests:", "config:")))


@pytest.mark.parametrize("name", DOOR_NAMES)
def test_what_the_table_does_not_allow_is_refused_at_the_door(name: str, world: World) -> None:
    door, row = DOORS[name], ACTS[name]
    people = actors(world)
    world.lot(Stage.BIDDING)
    for stage in Stage:
        Lot.objects.update(stage=stage.value)
        Tender.objects.update(stage="draft" if stage is Stage.DRAFT else "published")
        for role, actor in people.items():
            of_tender = row.stages is not None and row.stages <= {"draft", "published"}
            seen = ("draft" if stage is Stage.DRAFT else "published") if of_tender else stage.value
            if not allowed(row, role, seen):
                assert attempt(door, actor, world) != [], (name, role, stage)


@pytest.mark.parametrize("name", [name for name in DOOR_NAMES if ACTS[name].relation is not anyone])
def test_a_stranger_of_the_right_role_is_refused_at_the_door(name: str, world: World) -> None:
    row = ACTS[name]
    if row.relation.__name__ in {"has_organisation", "is_outside", "is_outsider"}:
        return  # every bidder may: that is what open tendering means
    world.lot(Stage.BIDDING)
    for stage in Stage:
        Lot.objects.update(stage=stage.value)
        Tender.objects.update(stage="draft" if stage is Stage.DRAFT else "published")
        for role, actor in strangers(world).items():
            if role in row.roles:
                assert attempt(DOORS[name], actor, world) != [], (name, role, stage)
