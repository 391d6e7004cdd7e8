"""The addresses of trading: it stands at the root of the site.

What a bidder does about a lot before its opening lies below `/bidding/`, where logs keep neither user nor address.
"""

from __future__ import annotations

from django.urls import path

from trading.views import awarding, clarifying, drafting, enrolment

app_name = "trading"
enrolments = [
    path("enrolment", enrolment.register_desk, name="enrolment"),
    path("enrolment/parties", enrolment.register, name="register_party"),
    path("enrolment/accounts", enrolment.open_account, name="open_account"),
    path("certificates", enrolment.certificates, name="certificates"),
    path("certificates/enrol", enrolment.enrol, name="enrol"),
]
drafts = [
    path("tenders/draft", drafting.draft_tender, name="draft_tender"),
    path("tenders/<str:code>/amend", drafting.amend_tender, name="amend_tender"),
    path("tenders/<str:code>/lots", drafting.draft_lot, name="draft_lot"),
    path("lots/<str:code>/amend", drafting.amend_lot, name="amend_lot"),
    path("tenders/<str:code>/papers", drafting.add_paper, name="add_paper"),
    path("tenders/<str:code>/papers/drop", drafting.drop_paper, name="drop_paper"),
    path("tenders/<str:code>/publish", drafting.publish, name="publish"),
]
clarifications = [
    path("bidding/questions/<str:code>/ask", clarifying.ask, name="ask"),
    path("bidding/questions/<str:code>/object", clarifying.object_to_papers, name="object_to_papers"),
    path("questions/<str:code>/answer", clarifying.answer_question, name="answer_question"),
    path("tenders/<str:code>/addenda", clarifying.issue_addendum, name="issue_addendum"),
    path("lots/<str:code>/objections", clarifying.object_to_result, name="object_to_result"),
    path("objections/<str:code>/answer", clarifying.answer_objection, name="answer_objection"),
]
awards = [
    path("lots/<str:code>/award/give", awarding.award, name="give_award"),
    path("lots/<str:code>/award.docx", awarding.award_document, name="award_document"),
    path("lots/<str:code>/contract", awarding.draw, name="draw_contract"),
    path("lots/<str:code>/contract/sign", awarding.sign, name="sign_contract"),
    path("lots/<str:code>/contract/record", awarding.contract_record, name="contract_record"),
]
urlpatterns = [*enrolments, *drafts, *clarifications, *awards]
