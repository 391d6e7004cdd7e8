"""The frame around every answer: health, headers, and the doors that this house does not have."""

from __future__ import annotations

import pytest
from django.test import Client


def test_health_asks_the_database(client: Client, db: None) -> None:
    answer = client.get("/health")

    assert (answer.status_code, answer.content) == (200, b"well\n")


def test_every_answer_has_the_policy_that_names_the_live_origin(client: Client, db: None) -> None:
    policy = dict(part.split(" ", 1) for part in client.get("/health")["Content-Security-Policy"].split("; "))

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self' ws://127.0.0.1:8001",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "password/set/", "login/code/"])
def test_nobody_makes_an_account_or_a_password_alone(client: Client, db: None, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
