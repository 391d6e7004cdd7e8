"""The demo: a movable clock, a role switcher, a play. Without SUNLIGHT_DEMO=1 nothing in here can be imported."""

from django.conf import settings

if not settings.SUNLIGHT_DEMO:
    raise ImportError("the demo is not installed: SUNLIGHT_DEMO is not set")
