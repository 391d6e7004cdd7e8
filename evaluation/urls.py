"""The addresses of evaluation, below /evaluation/."""

from __future__ import annotations

from django.urls import path

from evaluation.views import doors, pages

app_name = "evaluation"
members = [
    path("lots/<str:lot>/room/", pages.room_page, name="room"),
    path("lots/<str:lot>/room/board", pages.room_board, name="room_board"),
    path("lots/<str:lot>/room/panel", pages.room_panel, name="room_panel"),
    path("lots/<str:lot>/room/enter", doors.seat_enter, name="seat_enter"),
    path("lots/<str:lot>/room/leader", doors.leader_vote, name="leader_vote"),
    path("lots/<str:lot>/room/tie", doors.tie_decide, name="tie_decide"),
    path("lots/<str:lot>/sheets/save", doors.draft_save, name="draft_save"),
    path("lots/<str:lot>/sheets/sign", doors.sheet_sign, name="sheet_sign"),
    path("lots/<str:lot>/sheets/<str:part>/", pages.sheet_page, name="sheet"),
    path("lots/<str:lot>/sheets/<str:part>/record", pages.sheet_bytes, name="sheet_bytes"),
    path("lots/<str:lot>/bids/<str:bid>/files/<str:name>", pages.bid_file, name="bid_file"),
]
around = [
    path("lots/<str:lot>/draw/request", doors.draw_request, name="draw_request"),
    path("lots/<str:lot>/room/open", doors.room_open, name="room_open"),
    path("lots/<str:lot>/candidates/publish", doors.candidates_publish, name="candidates_publish"),
    path("lots/<str:lot>/progress/", pages.progress_page, name="progress"),
    path("lots/<str:lot>/progress/board", pages.progress_board, name="progress_board"),
]
results = [
    path("lots/<str:lot>/result/", pages.result_page, name="result"),
    path("lots/<str:lot>/report/sign", doors.report_sign, name="report_sign"),
    path("lots/<str:lot>/report/record", pages.report_record, name="report_record"),
    path("lots/<str:lot>/report.docx", pages.report_paper, name="report_paper"),
    path("lots/<str:lot>/scores.xlsx", pages.score_table, name="score_table"),
    path("lots/<str:lot>/scores.csv", pages.score_csv, name="score_csv"),
]
urlpatterns = [*members, *around, *results]
