"""Pure. Rule: every paper that the lot asks for is among the files."""

from __future__ import annotations

from collections.abc import Iterator

from bidding.preflight.finding import Finding, Package, Rules


def check_papers(package: Package, rules: Rules) -> Iterator[Finding]:
    """A finding for each required paper that no file is."""
    for paper in rules.papers:
        if paper.required and not package.of(paper):
            stem = f"{paper.stems[0]} / {paper.stems[-1]}"  # the first is Chinese, the last English
            yield Finding("bidding.paper_missing", facts={"paper": paper.name, "stem": stem})
