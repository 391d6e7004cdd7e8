"""The addresses of supervision, below /supervision/."""

from __future__ import annotations

from django.urls import path

from supervision import archive_views, views

app_name = "supervision"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("lots/<str:lot>/", views.lot, name="lot"),
    path("lots/<str:lot>/board", views.lot_board, name="lot_board"),
    path("tenders/<str:tender>/bundle", views.bundle, name="bundle"),
    path("tenders/<str:tender>/bundle/export", views.bundle_export, name="bundle_export"),
    path("tenders/<str:tender>/archives", archive_views.archives, name="archives"),
    path("tenders/<str:tender>/archives/<str:moment>.zip", archive_views.archive, name="archive"),
    path("tenders/<str:tender>/archives/<str:moment>/export", archive_views.archive_export, name="archive_export"),
    path("alarms/<str:code>/settle", views.alarm_settle, name="alarm_settle"),
    path("verify", views.verify_before, name="verify_before"),
    path("house", views.house, name="house"),
    path("log.key", views.log_key, name="log_key"),
    path("roots.pem", views.roots, name="roots"),
    path("timestamps.pem", views.timestamp_roots, name="timestamp_roots"),
]
