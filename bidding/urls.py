"""The addresses of bidding, all below /bidding/, where logs keep neither user nor address."""

from __future__ import annotations

from django.urls import path

from bidding import custody_views, tus_views, views

app_name = "bidding"
custody = [
    path("trust", custody_views.trust, name="trust"),
    path("tenders/<str:tender>/custody", custody_views.custody_page, name="custody"),
    path("tenders/<str:tender>/key", custody_views.register_key, name="register_key"),
    path("tenders/<str:tender>/sheets", custody_views.sign_sheets, name="sign_sheets"),
    path("lots/<str:lot>/sheet", custody_views.sheet, name="sheet"),
]
submission = [
    path("tus/", tus_views.collection, name="tus"),
    path("tus/<str:code>", tus_views.one, name="tus_upload"),
    path("lots/<str:lot>/", views.desk_page, name="desk"),
    path("lots/<str:lot>/submissions/<str:id>", views.submission, name="submission"),
    path("lots/<str:lot>/receipts/<str:number>", views.own_receipt, name="receipt"),
    path("lots/<str:lot>/receipts/<str:number>/proof", views.proof, name="proof"),
    path("lots/<str:lot>/withdraw", views.withdraw, name="withdraw"),
    path("lots/<str:lot>/cover", views.cover, name="cover"),
    path("verify", views.verify, name="verify"),
]
urlpatterns = [*custody, *submission]
