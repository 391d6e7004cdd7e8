"""Names the room to Django: bidding, sealed until the hour."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BiddingConfig(AppConfig):
    """The room `bidding`."""

    name = "bidding"
    verbose_name = _("Bidding")
