"""Static files are linked by names that tell their content; what was not collected keeps its plain name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.templatetags.static import static

from config.static_names import NamedByContent

NAME = "django_htmx/htmx-2.min.js"


def test_a_collected_file_is_linked_by_its_digest_and_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage", NamedByContent(str(tmp_path)))
    monkeypatch.setattr(settings, "STATIC_ROOT", str(tmp_path))
    call_command("collectstatic", interactive=False, verbosity=0)
    found = finders.find(NAME)
    assert isinstance(found, str)
    digest = hashlib.md5(Path(found).read_bytes(), usedforsecurity=False).hexdigest()[:12]
    named = f"django_htmx/htmx-2.min.{digest}.js"
    assert NamedByContent(str(tmp_path), base_url="/static/").url(NAME) == f"/static/{named}"
    assert (tmp_path / named).read_bytes() == Path(found).read_bytes()


def test_a_file_that_nobody_collected_keeps_its_name() -> None:
    assert static("not/there.js") == "/static/not/there.js"
