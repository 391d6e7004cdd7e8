"""Checks the settings before the house opens its doors.

Leaves: Django's check messages, ids `config.E...`, run by `manage.py check --deploy` and before `manage.py up`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

TAG = "sunlight"


@register(TAG, deploy=True)
def secrets_are_given(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001
    """Outside the demo every secret comes from whoever keeps the spare copy, never from this machine's own dice."""
    if settings.SUNLIGHT_DEMO or not settings.GENERATED_SECRETS:
        return []
    names = ", ".join(settings.GENERATED_SECRETS)
    return [
        Error(
            f"these secrets were made by this machine and exist nowhere else: {names}",
            hint="Set each as a variable, or as NAME_FILE naming a file that holds it, and keep a copy apart.",
            id="config.E001",
        )
    ]
