"""Names the room to Django: trading, parties, tenders, notices, awards."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TradingConfig(AppConfig):
    """The room `trading`."""

    name = "trading"
    verbose_name = _("Trading")
