"""Names the demo to Django. It is installed only with SUNLIGHT_DEMO=1 and cannot be imported by a site without it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The movable clock, the role switcher and the play."""

    name = "config.demo"
    label = "demo"
    verbose_name = _("Demo")

    def ready(self) -> None:
        """Load the demo's acts and events, which register themselves."""
        from config.demo import acts  # noqa: F401 registering is the import
        from supervision.verifier import demo_events  # noqa: F401 the same
