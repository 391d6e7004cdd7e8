"""Names of static files that tell their content, so that a browser may keep them for a year and never shows old ones.

Enters: the files of `collectstatic`. Leaves: each once more under a name with its digest, which the pages link to.
Where nothing was collected (tests, commands) a file keeps its plain name.
"""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class NamedByContent(ManifestStaticFilesStorage):
    """Django's storage with digests in names; it does not ask for files that nobody collected."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The name with the digest, the plain one for a file that is not in the manifest."""
        known: dict[str, str] = self.hashed_files
        return super().stored_name(name) if self.hash_key(name) in known else name
