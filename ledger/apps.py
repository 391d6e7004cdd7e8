"""Names the room to Django: ledger, evidence of every act."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """The room `ledger`."""

    name = "ledger"
    verbose_name = _("Ledger")
