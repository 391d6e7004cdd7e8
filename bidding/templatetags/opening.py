"""Template filter: the sentence of a code that an opening gave."""

from __future__ import annotations

from django import template

from bidding.opening.reasons import why

register = template.Library()
register.filter("why", why)
