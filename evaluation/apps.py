"""Names the room to Django: evaluation, opened bids become a ranking."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    """The room `evaluation`."""

    name = "evaluation"
    verbose_name = _("Evaluation")
