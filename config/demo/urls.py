"""Addresses of the demo, under /demo/."""

from __future__ import annotations

from django.urls import path

from config.demo import views

app_name = "demo"
urlpatterns = [path("clock", views.move, name="clock"), path("switch", views.switch, name="switch")]
