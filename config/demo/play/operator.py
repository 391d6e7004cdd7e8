"""The operator's client: registers organisations, opens accounts, and moves the demo's clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bidding.client.session import ProblemError
from config.demo.play.client import Client, patiently
from config.demo.play.stage import Body, Person

CHINA = timezone(timedelta(hours=8))


class Operator(Client):
    """Runs the platform; sees nothing sealed."""

    def register(self, body: Body) -> None:
        """Register an organisation, unless it is registered already."""
        try:
            self.act("/enrolment/parties", credit_code=body.credit_code, name=body.name)
        except ProblemError as problem:
            if problem.codes != ["party.known"]:
                raise

    def open_account(self, person: Person, password: str) -> None:
        """Open an account."""
        form = {"username": person.username, "password": password, "role": person.role, "display": person.display}
        if person.body is not None:
            form["party"] = person.body.credit_code
        self.act("/enrolment/accounts", **form)

    def move_clock(self, to: datetime) -> None:
        """Move the demo's clock forward to `to`; to the past it is left alone."""
        if to > self.hour():
            patiently(lambda: self.act("/demo/clock", to=to), "config.clock_waits")
            when = f"{to.astimezone(CHINA):%Y-%m-%d %H:%M}"
            self.say(f"演示时钟拨到 {when}", f"moves the demo's clock to {when}")
