"""Chinese first: a page is Chinese until its reader chose otherwise, whatever the browser was installed in.

Enters: the language cookie; for machines also the Accept-Language header, since a client names its language there.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware

from trading.doors import is_machine


class ChineseFirst(LocaleMiddleware):
    """Django's choice of language, without the browser's guess for pages."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of the answer."""
        if not is_machine(request):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)
