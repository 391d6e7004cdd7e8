"""The public log: checkpoint, tiles, entry bundles (C2SP tlog-tiles), under /log/."""

from __future__ import annotations

from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("cosignatures", views.cosignatures, name="cosignatures"),
    path("witnesses", views.witnesses, name="witnesses"),
    path("witnesses/checkpoint", views.to_cosign, name="to_cosign"),
    path("timestamps/", views.timestamps, name="timestamps"),
    path("timestamps/<int:size>.tsr", views.timestamp, name="timestamp"),
    path("timestamps/<int:size>.checkpoint", views.timestamped, name="timestamped"),
    path("tile/<path:rest>", views.tile, name="tile"),
]
