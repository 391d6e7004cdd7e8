"""The addresses of trading: it stands at the root of the site.

What a bidder does about a lot before its opening lies below `/bidding/`, where logs keep neither user nor address.
"""

from __future__ import annotations

from django.urls import path

from trading.views import enrolment

app_name = "trading"
enrolments = [
    path("enrolment", enrolment.register_desk, name="enrolment"),
    path("enrolment/parties", enrolment.register, name="register_party"),
    path("enrolment/accounts", enrolment.open_account, name="open_account"),
    path("certificates", enrolment.certificates, name="certificates"),
    path("certificates/enrol", enrolment.enrol, name="enrol"),
]
urlpatterns = [*enrolments]
