"""The addresses of the site: each room under its prefix, sign-in, the language, the health of the process.

A room hands in `<room>/urls.py` with `app_name` and `urlpatterns`; in the demo `config.demo.urls` stands at `demo/`.
`/verify` is the address that people type.
Of allauth only what this house has: no sign-up, no address book, no password by mail.
"""

from __future__ import annotations

from importlib.util import find_spec

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.health import health
from config.hour import hour
from config.rooms import room_modules
from supervision.views import verify

_accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("clock", hour, name="clock"),
    path("verify", verify, name="verify"),
    path("accounts/", include(_accounts)),
    path("i18n/", include("django.conf.urls.i18n")),
]
if settings.SUNLIGHT_DEMO and find_spec("config.demo.urls"):
    urlpatterns.append(path("demo/", include("config.demo.urls")))
urlpatterns += [path(prefix, include(module)) for prefix, module in room_modules("urls")]
