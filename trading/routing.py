"""Sockets of trading: one for each scope."""

from __future__ import annotations

from django.urls import path

from trading.consumers import LiveConsumer

websocket_urlpatterns = [path("<str:code>/", LiveConsumer.as_asgi())]
