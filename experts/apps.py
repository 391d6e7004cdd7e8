"""Names the room to Django: experts, who may judge and how they were chosen."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExpertsConfig(AppConfig):
    """The room `experts`."""

    name = "experts"
    verbose_name = _("Experts")
