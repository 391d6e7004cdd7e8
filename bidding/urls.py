"""The addresses of bidding, all below /bidding/, where logs keep neither user nor address."""

from __future__ import annotations

from django.urls import path

from bidding.checking import views as receipt_views
from bidding.custody import desk_views
from bidding.custody import views as custody_views
from bidding.hall.views import hall as hall_views
from bidding.hall.views import oversight as oversight_views
from bidding.hall.views import record as record_views
from bidding.submission import views
from bidding.uploads import views as tus_views

app_name = "bidding"
custody = [
    path("trust", custody_views.trust, name="trust"),
    path("tenders/<str:tender>/custody", custody_views.custody_page, name="custody"),
    path("tenders/<str:tender>/policy", custody_views.choose_policy, name="choose_policy"),
    path("tenders/<str:tender>/key", custody_views.register_key, name="register_key"),
    path("tenders/<str:tender>/sheets", custody_views.sign_sheets, name="sign_sheets"),
    path("tenders/<str:tender>/sheets/replace", custody_views.replace_sheets, name="replace_sheets"),
    path("tenders/<str:tender>/rehearsal", custody_views.rehearsal_page, name="rehearsal"),
    path("tenders/<str:tender>/rehearsal/seal", custody_views.seal_rehearsal, name="seal_rehearsal"),
    path("tenders/<str:tender>/rehearsal/share", custody_views.give_rehearsal, name="give_rehearsal"),
    path("lots/<str:lot>/sheet", custody_views.sheet, name="sheet"),
    path("custody", desk_views.duties_page, name="duties"),
    path("lots/<str:lot>/giving", desk_views.giving_page, name="giving"),
]
submission = [
    path("tus/", tus_views.collection, name="tus"),
    path("tus/<str:code>", tus_views.one, name="tus_upload"),
    path("lots/<str:lot>/", views.desk_page, name="desk"),
    path("lots/<str:lot>/submissions/<str:id>", views.submission, name="submission"),
    path("lots/<str:lot>/receipts/<str:number>", views.own_receipt, name="receipt"),
    path("lots/<str:lot>/receipts/<str:number>/proof", views.proof, name="proof"),
    path("lots/<str:lot>/receipts/<str:number>/envelope", views.own_envelope, name="own_envelope"),
    path("lots/<str:lot>/papers/<str:paper>", views.blank, name="blank"),
    path("lots/<str:lot>/receipts/<str:number>/withdraw", views.withdraw_form, name="withdraw_form"),
    path("lots/<str:lot>/withdraw", views.withdraw, name="withdraw"),
    path("lots/<str:lot>/cover", views.cover, name="cover"),
    path("lots/<str:lot>/attempts", receipt_views.own_attempts, name="attempts"),
    path("lots/<str:lot>/receipts/<str:number>/files/<str:part>", receipt_views.receipt_part, name="receipt_part"),
    path("verify", receipt_views.verify, name="verify"),
]
opening = [
    path("openings", hall_views.openings_page, name="openings"),
    path("lots/<str:lot>/hall/", hall_views.hall_page, name="hall"),
    path("lots/<str:lot>/hall/board", hall_views.hall_board, name="hall_board"),
    path("lots/<str:lot>/hall/wall", hall_views.hall_wall, name="hall_wall"),
    path("lots/<str:lot>/hall/open", hall_views.hall_open, name="hall_open"),
    path("lots/<str:lot>/hall/replay", oversight_views.replay_view, name="hall_replay"),
    path("lots/<str:lot>/hall/oversight", oversight_views.oversight_page, name="oversight"),
    path("lots/<str:lot>/hall/pause", oversight_views.opening_pause, name="opening_pause"),
    path("lots/<str:lot>/hall/resume", oversight_views.opening_resume, name="opening_resume"),
    path("lots/<str:lot>/hall/waiting", oversight_views.waiting_end, name="waiting_end"),
    path("lots/<str:lot>/hall/join", hall_views.hall_join, name="hall_join"),
    path("lots/<str:lot>/headers", hall_views.headers_page, name="headers"),
    path("lots/<str:lot>/release", hall_views.share_release, name="release"),
    path("lots/<str:lot>/own-share", hall_views.own_share_page, name="own_share"),
    path("lots/<str:lot>/own-share/give", hall_views.own_share_give, name="own_share_give"),
    path("lots/<str:lot>/rebut", hall_views.testimony_rebut, name="testimony_rebut"),
    path("lots/<str:lot>/objections", hall_views.objection_raise, name="objection_raise"),
    path("lots/<str:lot>/objections/<str:objection>/answer", hall_views.objection_answer, name="objection_answer"),
    path("lots/<str:lot>/record/", record_views.record_page, name="record"),
    path("lots/<str:lot>/record/confirm", hall_views.record_confirm, name="record_confirm"),
    path("lots/<str:lot>/record/sign", hall_views.record_sign, name="record_sign"),
    path("lots/<str:lot>/record/bytes", record_views.record_file, name="record_file"),
    path("lots/<str:lot>/record/<str:part>.p7s", record_views.record_signature, name="record_signature"),
    path("lots/<str:lot>/bids.xlsx", record_views.bid_list_xlsx, name="bid_list"),
    path("lots/<str:lot>/bids.csv", record_views.bid_list_csv, name="bid_list_csv"),
    path("lots/<str:lot>/bids/", record_views.opened_bids, name="bids"),
    path("lots/<str:lot>/bids/<str:bid>/files/<str:name>", record_views.bid_file, name="bid_file"),
]
urlpatterns = [*custody, *submission, *opening]
