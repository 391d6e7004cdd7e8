"""What a sign-in leaves on the account: the day, not the time."""

from __future__ import annotations

from django.test import Client

from tests.world import World
from trading.forms import SHANGHAI
from trading.models import Account


def test_a_sign_in_leaves_its_day_alone(world: World) -> None:
    Client().force_login(world.bidder(1))
    found = Account.objects.get(pk=world.bidder(1).pk).last_login
    assert found is not None
    local = found.astimezone(SHANGHAI)
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
