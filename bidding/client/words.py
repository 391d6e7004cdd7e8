"""What the client says when something is refused or a file cannot be used, in the person's language.

Enters: an error, a language. Leaves: a line for each of its reasons.
"""

from __future__ import annotations

from ledger.catalogue import say
from ledger.errors import Reason, SunlightError, _

FILES = (
    (FileNotFoundError, "client.no_file", _("%(name)s is not there.")),
    (FileExistsError, "client.file_exists", _("%(name)s is there already, and is never overwritten.")),
    (PermissionError, "client.no_access", _("You may not read or write %(name)s.")),
    (IsADirectoryError, "client.is_folder", _("%(name)s is a folder; a file is needed.")),
    (NotADirectoryError, "client.no_folder", _("The folder %(name)s is not there.")),
)


def _of_file(error: OSError) -> Reason:
    """What the machine says of a file, as a reason that names the file."""
    name, why = str(error.filename), error.strerror or str(error)
    for kind, code, text in FILES:
        if isinstance(error, kind):
            return Reason(code, text, {"name": name})
    return Reason("client.file", _("%(name)s cannot be used: %(why)s."), {"name": name, "why": why})


def reasons(error: SunlightError | OSError, language: str) -> list[str]:
    """What an error says, a line for each reason, its code first."""
    found: tuple[Reason, ...] = getattr(error, "reasons", ())
    if isinstance(error, OSError) and error.filename is not None:
        found = (_of_file(error),)
    lines = [
        f"{one.code}: {say(one.text, language) % one.facts if one.facts else say(one.text, language)}" for one in found
    ]
    return lines or [str(error)]
