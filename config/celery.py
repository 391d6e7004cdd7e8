"""Tasks: the Celery application of the worker. They stand in `<room>.tasks` and are sent by followers of the ledger."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sunlight")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect  # type: ignore[untyped-decorator] # celery ships no types
def tell_ready(**kwargs: object) -> None:  # noqa: ARG001 the signature is celery's
    """Tell the supervisor that tasks are taken."""
    (settings.VAR / "run" / "worker.ready").touch()
