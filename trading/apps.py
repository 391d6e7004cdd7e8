"""Names the room to Django: trading, parties, tenders, notices, awards."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TradingConfig(AppConfig):
    """The room `trading`."""

    name = "trading"
    verbose_name = _("Trading")

    def ready(self) -> None:
        """Keep sign-in times to the day, in the place of Django's to the microsecond; say what is sealed."""
        from django.contrib.auth.models import update_last_login
        from django.contrib.auth.signals import user_logged_in

        from trading import sealed_lots  # noqa: F401  registering is the import
        from trading.signing_in import keep_the_day

        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
        user_logged_in.connect(keep_the_day, dispatch_uid="keep_the_day")
