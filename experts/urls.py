"""The addresses of experts, below /experts/."""

from __future__ import annotations

from django.urls import path

from experts import views

app_name = "experts"
urlpatterns = [
    path("register/", views.register_page, name="register"),
    path("register/enter", views.register_expert, name="register_expert"),
    path("lots/<str:lot>/draw/", views.draw_page, name="draw"),
    path("lots/<str:lot>/draw/board", views.draw_board, name="draw_board"),
    path("lots/<str:lot>/draw/record", views.draw_record, name="draw_record"),
    path("lots/<str:lot>/draw/void", views.draw_void, name="draw_void"),
    path("lots/<str:lot>/seed/commit", views.seed_commit, name="seed_commit"),
    path("lots/<str:lot>/pool/freeze", views.pool_freeze, name="pool_freeze"),
    path("lots/<str:lot>/seed/reveal", views.seed_reveal, name="seed_reveal"),
    path("lots/<str:lot>/invitations/<str:candidate>/lapse", views.invitation_lapse, name="invitation_lapse"),
    path("invitations/", views.invitations_page, name="invitations"),
    path("invitations/<str:code>/answer", views.invitation_answer, name="invitation_answer"),
]
