"""Tasks: the Celery application of the worker. They stand in `<room>.tasks` and are sent by followers of the ledger."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sunlight")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
