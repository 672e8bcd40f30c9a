"""R021: no file is overlooked because of its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from documents.findings import Finding
from documents.nodes import Place
from documents.suggestions import suggestion
from rules.checks.check import Check, Subject, finding_at
from rules.level_files import (
    LANGUAGE_FILES,
    LOCALE_FILES,
    REGION_FILES,
    REGION_FOLDER,
    SHARED_FILES,
    language_folders,
)

_OTHER_FOLDERS = ("yardstick", "experiments", "languages")


def run(subject: Subject) -> Iterator[Finding]:
    folder = subject.locales.folder
    known = {one.id for one in subject.locales.marketplaces}
    for path in sorted(folder.iterdir()):
        if path.name in known and path.is_dir():
            yield from _unknown(path, LOCALE_FILES)
            yield from _regions(path / "regions")
        elif path.is_dir() and path.name not in _OTHER_FOLDERS and any(path.glob("*.yaml")):
            yield _finding(path, f"the folder '{path.name}' is no marketplace",
                           "Name it by the country's two small letters.")  # fmt: skip
    yield from _unknown(folder, SHARED_FILES)
    yield from _languages(subject)


def _regions(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_dir():
            yield _finding(path, f"'{path.name}' is no region", "Put it into a region's folder.")
        elif not REGION_FOLDER.fullmatch(path.name):
            yield _finding(path, f"no request can name the region '{path.name}'",
                           "Use small letters, digits and hyphens, beginning with a letter.")  # fmt: skip
        else:
            yield from _unknown(path, REGION_FILES)


def _languages(subject: Subject) -> Iterator[Finding]:
    spoken = {
        one.loaded.marketplace.default_language.split("-")[0]
        for one in subject.locales.marketplaces
        if one.loaded.marketplace is not None
    }
    for path in language_folders(subject.locales.folder):
        yield from _unknown(path, LANGUAGE_FILES)
        if path.name not in spoken:
            yield _finding(path, f"no marketplace has the default language '{path.name}'",
                           suggestion(path.name, sorted(spoken), "language"))  # fmt: skip


def _unknown(folder: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in names:
            yield _finding(path, f"no part of the service reads '{path.name}'",
                           suggestion(path.name, names, "file"))  # fmt: skip


def _finding(path: Path, found: str, fix: str) -> Finding:
    return finding_at(Place(str(path), 1, 1), CHECK.code, found, fix)


CHECK = Check(
    code="R021",
    title="Every file is read",
    doc="A file with a misspelt name would be ignored without a word.",
    passing={},
    failing={"in/merchandizing.yaml": "campaigns: []\n"},
    run=run,
)
