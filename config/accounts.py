"""Closes the doors of allauth that this house does not have: nobody signs up alone, a centre enrols accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Sign in and out, and nothing that makes an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 the signature is allauth's
        """Never."""
        return False
