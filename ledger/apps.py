"""Names the room to Django: ledger, evidence of every act; installs and checks the triggers of evidence tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

START = "sunlight"  # the checks that run before the site starts


class LedgerConfig(AppConfig):
    """The room `ledger`."""

    name = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        """Connect what guards the evidence."""
        from ledger.evidence import check_age, check_triggers, install_triggers
        from ledger.grants import check_rights
        from ledger.standing import check_standing
        from ledger.witnessing import check_policy

        post_migrate.connect(install_triggers)
        register(Tags.database)(check_triggers)  # type: ignore[type-var]  # its stubs know no databases
        register(START, deploy=True)(check_age)  # type: ignore[type-var]  # the same
        register(START, deploy=True)(check_rights)  # type: ignore[type-var]  # the same
        register()(check_policy)
        register(START, deploy=True)(check_standing)  # type: ignore[type-var]  # the same
