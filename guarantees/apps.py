"""Names the room to Django: guarantees, money or a promise behind a bid."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuaranteesConfig(AppConfig):
    """The room `guarantees`."""

    name = "guarantees"
    verbose_name = _("Guarantees")
