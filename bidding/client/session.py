"""A signed-in conversation with a site: JSON both ways, the CSRF token carried, problems as errors of the house.

Enters: the site's address, a user name and password once. Leaves: facts as dictionaries; `ProblemError` with the
reasons that the site gave. Cookies may be kept in a file (0600), so that a person signs in once and not for every
command.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bidding.client.clock import own_now
from bidding.client.reading import read_object
from ledger.errors import Reason, Refused, _

TIMEOUT = 120.0
BLOCK = 1 << 20
JSON = {"Accept": "application/json"}
FILE = {"Accept": "application/octet-stream, application/zip, application/problem+json"}  # refusals with their reasons


class ProblemError(Refused):
    """What the site refused, with its status and the signed refusal if there is one."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status, self.body = status, body
        told = body.get("reasons")
        found = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        reasons = [Reason(str(one.get("code")), str(one.get("text"))) for one in found]
        super().__init__(*(reasons or [Reason(f"http.{status}", _("The site answered without a reason."))]))

    @property
    def receipt(self) -> dict[str, Any] | None:
        """The signed refusal."""
        return self.body.get("receipt")


def problem_of(status: int, content: bytes) -> ProblemError:
    """The problem in an answer that is no success."""
    try:
        body = json.loads(content)
    except ValueError:
        body = {}
    return ProblemError(status, body if isinstance(body, dict) else {})


def _problem(code: str, text: str) -> ProblemError:
    return ProblemError(0, {"reasons": [{"code": code, "text": text}]})


def unreachable() -> ProblemError:
    """No answer came."""
    return _problem("client.unreachable", _("The site cannot be reached."))


def _bad_address() -> ProblemError:
    text = _("This is not the address of a site: write it as https://host or http://host:port.")
    return _problem("client.address", text)


def _no_sunlight() -> ProblemError:
    text = _("What answers at this address does not answer as Sunlight does: look at the address of the site.")
    return _problem("client.no_sunlight", text)


def site_address(text: str) -> str:
    """The address in the form that every library takes; refused `client.address`."""
    try:
        url = httpx.URL(text.strip().rstrip("/"))
        parts = urlsplit(text.strip())
        whole = url.scheme in {"http", "https"} and url.host and parts.port != 0  # a port that is none: ValueError
    except (httpx.InvalidURL, ValueError):
        raise _bad_address() from None
    if not whole:
        raise _bad_address()
    return str(url)


def _cookies_in(file: Path) -> dict[str, str]:
    """The cookies that were kept; none when the file is damaged: then the person signs in again."""
    found = (read_object(file) or {}) if file.exists() else {}
    return {name: value for name, value in found.items() if isinstance(value, str) and value.isascii()}


def plain(value: object) -> object:
    """A form value as the site's JSON spells it: bytes in base64, decimals and instants as text."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal | datetime):
        return value.isoformat() if isinstance(value, datetime) else format(value, "f")
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


class Session:
    """One account's conversation with the site at `site` (scheme, host, port). `clock` is the client's own."""

    def __init__(
        self,
        site: str,
        *,
        cookies: Path | None = None,
        clock: Callable[[], datetime] = own_now,
        language: str = "zh-hans",
    ) -> None:
        self.site, self.clock, self.file, self.language = site_address(site), clock, cookies, language
        headers = {"Accept-Language": language, "Referer": self.site + "/"}
        self.http = httpx.Client(base_url=self.site, timeout=TIMEOUT, headers=headers, trust_env=False)
        for name, value in (_cookies_in(cookies) if cookies else {}).items():
            self.http.cookies.set(name, value)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the page that people use; `ProblemError` when the site says no."""
        self._ask("GET", "/accounts/login/")
        form = {"login": username, "password": password, "csrfmiddlewaretoken": self.token}
        answer = self._ask("POST", "/accounts/login/", data=form, headers={"Accept": "text/html"})
        if answer.status_code != 302:
            text = _("The site did not accept this user name and password.")
            raise ProblemError(answer.status_code, {"reasons": [{"code": "client.sign_in", "text": text}]})
        self._keep()

    def is_signed_in(self) -> bool:
        """Whether the site still knows this session."""
        return "sunlight_session" in self.cookies and self._ask("GET", "/certificates", headers=JSON).is_success

    def _keep(self) -> None:
        if self.file is None:
            return
        self.file.unlink(missing_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(self.cookies, file)

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies as they are now."""
        return {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}

    @property
    def token(self) -> str:
        """The CSRF token."""
        return self.cookies.get("sunlight_csrf", "")

    @property
    def headers(self) -> dict[str, str]:
        """What another HTTP library needs to speak for this session."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**JSON, "Cookie": cookies, "X-CSRFToken": self.token, "Referer": self.site + "/"}

    def get(self, path: str) -> dict[str, Any]:
        """The facts at `path`."""
        return self._facts(self._ask("GET", path, headers=JSON))

    def get_bytes(self, path: str) -> bytes:
        """The bytes at `path`."""
        answer = self._ask("GET", path, headers=FILE)
        if not answer.is_success:
            raise problem_of(answer.status_code, answer.content)
        return answer.content

    def download(self, path: str, to: Path, tell: Callable[[int, int], None]) -> None:
        """Write the bytes at `path` to a file, block by block; nothing of it stays when it breaks off."""
        beside = to.with_name(to.name + ".partial")
        try:
            with self.http.stream("GET", path, headers=FILE) as answer, beside.open("wb") as file:
                if not answer.is_success:
                    raise problem_of(answer.status_code, answer.read())
                total = int(answer.headers.get("content-length", "0"))
                for block in answer.iter_bytes(BLOCK):
                    file.write(block)
                    tell(file.tell(), total)
        except httpx.RequestError as error:
            raise unreachable() from error
        except httpx.InvalidURL as error:
            raise _bad_address() from error
        else:
            beside.replace(to)
        finally:
            beside.unlink(missing_ok=True)

    def post(self, path: str, form: Mapping[str, object]) -> dict[str, Any]:
        """Act: post a form as JSON."""
        headers = {**JSON, "X-CSRFToken": self.token}
        return self._facts(self._ask("POST", path, json=plain(form), headers=headers))

    def _ask(self, method: str, path: str, **facts: Any) -> httpx.Response:
        try:
            return self.http.request(method, path, **facts)
        except httpx.RequestError as error:
            raise unreachable() from error
        except httpx.InvalidURL as error:
            raise _bad_address() from error

    def _facts(self, answer: httpx.Response) -> dict[str, Any]:
        if not answer.is_success:
            raise problem_of(answer.status_code, answer.content)
        try:
            facts = answer.json()
        except ValueError as error:
            raise _no_sunlight() from error
        if not isinstance(facts, dict):
            raise _no_sunlight()
        return facts
