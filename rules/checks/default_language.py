"""R020: the default language is one of the marketplace's."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import descend
from documents.suggestions import suggestion
from rules.checks.check import Check, Subject, finding_at


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.marketplaces:
        stated = one.loaded.marketplace
        if stated is not None and stated.default_language not in stated.languages:
            node = descend(one.sources["marketplace.yaml"], "default_language")
            yield finding_at(
                (one.file("marketplace.yaml"), node), CHECK.code,
                f"language '{stated.default_language}' is not among the marketplace's languages",
                suggestion(stated.default_language, stated.languages, "language"),
            )  # fmt: skip


_FILE = """\
id: in
names: {{en: India}}
languages: [en-IN]
default_language: {language}
currency: INR
time_zone: Asia/Kolkata
size_systems: [IN]
prime_name: Prime
"""

CHECK = Check(
    code="R020",
    title="The default language is one of the languages",
    doc="Whoever asks for no language reads `default_language`, so it must stand in `languages`.",
    passing={"in/marketplace.yaml": _FILE.format(language="en-IN")},
    failing={"in/marketplace.yaml": _FILE.format(language="en-US")},
    run=run,
)
