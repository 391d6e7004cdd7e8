"""Names `config` to Django: the place where the rooms are put together, with the checks made at the start."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    """What puts the house together."""

    name = "config"
    verbose_name = _("House")

    def ready(self) -> None:
        """Register the checks; load every room's acts, events and desk items, which register themselves."""
        from config import checks  # noqa: F401 registering is the import
        from config.rooms import room_modules

        for name in ("acts", "events", "desk"):
            room_modules(name)
