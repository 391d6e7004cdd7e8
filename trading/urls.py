"""The addresses of trading: it stands at the root of the site.

What a bidder does about a lot before its opening lies below `/bidding/`, where logs keep neither user nor address.
"""

from __future__ import annotations

from django.urls import path

from trading.views import awarding, clarifying, desks, drafting, enrolment, forms, outages, portal, story, timestamps

app_name = "trading"
enrolments = [
    path("enrolment", enrolment.register_desk, name="enrolment"),
    path("enrolment/parties", enrolment.register, name="register_party"),
    path("enrolment/accounts", enrolment.open_account, name="open_account"),
    path("certificates", enrolment.certificates, name="certificates"),
    path("certificates/enrol", enrolment.enrol, name="enrol"),
]
portals = [
    path("", portal.home, name="home"),
    path("tsa", timestamps.tsa, name="tsa"),
    path("desk", desks.desk, name="desk"),
    path("outages", outages.outages_page, name="outages"),
    path("outages/declare", outages.declare_outage, name="declare_outage"),
    path("outages/<str:code>/end", outages.end_outage, name="end_outage"),
    path("notices", portal.notices, name="notices"),
    path("notices/<str:code>", portal.notice, name="notice"),
    path("notices/<str:code>/record", portal.notice_record, name="notice_record"),
    path("statistics", portal.statistics, name="statistics"),
    path("statistics.csv", portal.statistics_csv, name="statistics_csv"),
]
drafts = [
    path("tenders/new", forms.new_tender, name="new_tender"),
    path("tenders/<str:code>/draft", forms.draft, name="draft"),
    path("tenders/<str:code>/lots/new", forms.new_lot, name="new_lot"),
    path("lots/<str:code>/edit", forms.edit_lot, name="edit_lot"),
    path("tenders/<str:code>/check", forms.check, name="check"),
    path("tenders/draft", drafting.draft_tender, name="draft_tender"),
    path("tenders/<str:code>/amend", drafting.amend_tender, name="amend_tender"),
    path("tenders/<str:code>/lots", drafting.draft_lot, name="draft_lot"),
    path("lots/<str:code>/amend", drafting.amend_lot, name="amend_lot"),
    path("tenders/<str:code>/papers", drafting.add_paper, name="add_paper"),
    path("tenders/<str:code>/papers/drop", drafting.drop_paper, name="drop_paper"),
    path("tenders/<str:code>/publish", drafting.publish, name="publish"),
]
stories = [
    path("tenders/<str:code>.ics", story.dates, name="dates"),
    path("tenders/<str:code>", story.tender, name="tender"),
    path("lots/<str:code>", story.lot, name="lot"),
    path("papers/<str:code>", story.paper, name="paper"),
]
clarifications = [
    path("bidding/questions/<str:code>", forms.own_questions, name="own_questions"),
    path("tenders/<str:code>/questions", forms.questions, name="questions"),
    path("bidding/questions/<str:code>/ask", clarifying.ask, name="ask"),
    path("bidding/questions/<str:code>/object", clarifying.object_to_papers, name="object_to_papers"),
    path("questions/<str:code>/answer", clarifying.answer_question, name="answer_question"),
    path("tenders/<str:code>/addenda", clarifying.issue_addendum, name="issue_addendum"),
    path("lots/<str:code>/objections", clarifying.object_to_result, name="object_to_result"),
    path("objections/<str:code>/answer", clarifying.answer_objection, name="answer_objection"),
]
awards = [
    path("lots/<str:code>/award", forms.result, name="result"),
    path("lots/<str:code>/award/give", awarding.award, name="give_award"),
    path("lots/<str:code>/award.docx", awarding.award_document, name="award_document"),
    path("lots/<str:code>/contract", awarding.draw, name="draw_contract"),
    path("lots/<str:code>/contract/sign", awarding.sign, name="sign_contract"),
    path("lots/<str:code>/contract/record", awarding.contract_record, name="contract_record"),
]
urlpatterns = [*portals, *enrolments, *drafts, *stories, *clarifications, *awards]
