"""Addresses of guarantees, under /guarantees/."""

from __future__ import annotations

from django.urls import path

from guarantees import views

app_name = "guarantees"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:code>/", views.show, name="show"),
    path("<str:code>/claim/", views.claim_form, name="claim_form"),
    path("<str:code>/claim", views.file_claim, name="claim"),
    path("<str:code>/pay", views.pay_claim, name="pay"),
]
