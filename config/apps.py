"""Names `config` to Django: the place where the rooms are put together, with the checks made at the start."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    """What puts the house together."""

    name = "config"
    verbose_name = _("House")

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401 registering is the import
