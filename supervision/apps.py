"""Names the room to Django: supervision, sees everything, changes nothing."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """The room `supervision`."""

    name = "supervision"
    verbose_name = _("Supervision")
