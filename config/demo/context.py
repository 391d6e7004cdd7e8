"""Gives every page of the demo its role switcher."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from config.demo.cast import accounts
from trading.doors import actor_of


def switcher(request: HttpRequest) -> dict[str, object]:
    """`demo_accounts` and `demo_switch_url` for parts/demo_banner.html."""
    me = actor_of(request).code if hasattr(request, "user") else ""
    rows = [
        {"code": one.username, "name": one.display, "role": gettext(one.role), "current": one.code == me}
        for one in accounts()
    ]
    return {"demo_accounts": rows, "demo_switch_url": reverse("demo:switch")}
