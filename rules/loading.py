"""The locale files of all marketplaces → `Locales`, or every problem of every file at once.

`load_locales` is for serving: a value without errors, or DocumentError. `read_locales` is for the
checker: whatever could be read, with the findings so far, before `rules.checks` looks at it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.locale_files import (
    LoadedConcepts,
    LoadedMarketplace,
    marketplace_folders,
    read_concepts,
    read_file,
    read_marketplace,
)
from catalog.locale_schemas import Stocking
from catalog.marketplaces import Marketplace
from catalog.products import COLOURS
from documents.composition import collection_paused
from documents.findings import DocumentError, Finding, errors
from documents.nodes import Node, Table
from documents.reading import ANY_WORD, Vocabulary
from rules.accessories import AccessoryRule, AccessoryRules
from rules.calendar import Calendar
from rules.campaigns import Campaign, CompiledCampaigns
from rules.schemas import (
    ACCESSORIES_FILE,
    EXAMPLES_FILE,
    FESTIVALS_FILE,
    MERCHANDISING_FILE,
    Example,
    Festival,
)

LOCALE_FILES = (
    "marketplace.yaml", "categories.yaml", "accessories.yaml", "merchandising.yaml", "examples.yaml",
)  # fmt: skip
"""The files of a marketplace's folder; the last two may be absent."""
SHARED_FILES = ("concepts.yaml", "festivals.yaml")
"""The files beside the marketplaces' folders; the last may be absent."""


@dataclass(frozen=True, kw_only=True)
class MarketplaceLocale:
    """Everything that the files say about one marketplace."""

    marketplace: Marketplace
    tree: CategoryTree
    accessories: AccessoryRules
    campaigns: CompiledCampaigns
    examples: tuple[Example, ...]
    stocking: Mapping[str, Stocking]


@dataclass(frozen=True, kw_only=True)
class Locales:
    """One version of the locale files, ready to serve."""

    concepts: ConceptTree
    marketplaces: Mapping[str, MarketplaceLocale]
    version: str
    """The files' digest: equal files have equal versions on every host."""
    findings: tuple[Finding, ...] = ()
    """Warnings; errors never get here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarketplace:
    """One marketplace as far as it could be read."""

    loaded: LoadedMarketplace
    rules: tuple[AccessoryRule, ...]
    campaigns: tuple[Campaign, ...]
    examples: tuple[Example, ...]
    findings: tuple[Finding, ...]
    sources: Mapping[str, Node] = field(repr=False)

    @property
    def id(self) -> str:
        return self.loaded.id

    def file(self, name: str) -> str:
        """The path of one of its files, as findings print it."""
        return self.loaded.file(name)

    def is_whole(self, name: str) -> bool:
        """Whether the file was read without an error, so that what it lacks is really missing."""
        return not any(f.file == self.file(name) for f in errors(self.findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLocales:
    """All files as far as they could be read."""

    folder: Path
    concepts: LoadedConcepts
    festivals: Mapping[str, Festival]
    marketplaces: tuple[ReadMarketplace, ...]
    findings: tuple[Finding, ...]

    @property
    def tree(self) -> ConceptTree:
        """The concepts; empty when their file cannot be used."""
        return self.concepts.tree or ConceptTree(concepts={}, labels={})

    def calendar(self, one: ReadMarketplace) -> Calendar:
        """What days mean in the marketplace."""
        stated = one.loaded.marketplace
        return Calendar(
            time_zone=stated.time_zone if stated else "UTC",
            festivals={name: festival.dates for name, festival in self.festivals.items()},
            seasons=one.loaded.seasons,
        )

    def accessories(self, one: ReadMarketplace) -> AccessoryRules:
        """The marketplace's accessory rules over whatever tree there is."""
        tree = one.loaded.tree or CategoryTree(marketplace=one.id, categories={})
        return AccessoryRules(
            rules=one.rules, concepts=self.tree, tree=tree, calendar=self.calendar(one)
        )


def load_locales(folder: Path) -> Locales:
    """The locale files of `folder`. Raises DocumentError with every error, and only then."""
    read = read_locales(folder)
    if errors(read.findings):
        raise DocumentError(read.findings)
    marketplaces = {one.id: _compiled(one, read) for one in read.marketplaces}
    return Locales(
        concepts=read.tree,
        marketplaces=marketplaces,
        version=files_version(locale_contents(folder)),
        findings=read.findings,
    )


def locale_contents(folder: Path) -> Mapping[str, bytes]:
    """The bytes of every locale file by its path below `folder`, sorted."""
    files = [folder / name for name in SHARED_FILES]
    files += [place / name for place in marketplace_folders(folder) for name in LOCALE_FILES]
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(files) if path.is_file()
    }


def files_version(contents: Mapping[str, bytes]) -> str:
    """A digest of names and bytes, 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()[:12]


def read_locales(folder: Path) -> ReadLocales:
    """Every file below `folder`, each problem once; raises nothing about their contents."""
    with collection_paused():
        return _read_locales(folder)


def _read_locales(folder: Path) -> ReadLocales:
    concepts = read_concepts(folder / "concepts.yaml")
    findings = list(concepts.findings)
    festivals: Mapping[str, Festival] = {}
    festival_words: Collection[str] = ()
    if (folder / "festivals.yaml").exists():
        read, reading, root = read_file(folder / "festivals.yaml", folder, FESTIVALS_FILE, {})
        festivals = read or {}
        festival_words = _keys(root, "festivals")
        findings += reading.findings
    tree = concepts.tree
    if tree is None:
        return ReadLocales(folder=folder, concepts=concepts, festivals=festivals, marketplaces=(),
                           findings=tuple(sorted(findings)))  # fmt: skip
    found = tuple(
        _read_one(place, tree, folder, festival_words) for place in marketplace_folders(folder)
    )
    for one in found:
        findings += one.findings
    return ReadLocales(
        folder=folder,
        concepts=concepts,
        festivals=festivals,
        marketplaces=found,
        findings=tuple(sorted(findings)),
    )


def _read_one(
    place: Path, concepts: ConceptTree, folder: Path, festivals: Collection[str]
) -> ReadMarketplace:
    loaded = read_marketplace(place, concepts, folder)
    known = {
        "concept": Vocabulary(noun="concept", words=concepts.concepts),
        "category": Vocabulary(
            noun="category", words=_keys(loaded.sources.get("categories.yaml"), "categories")
        ),
        "festival": Vocabulary(noun="festival", words=festivals),
        "colour": Vocabulary(noun="colour", words=COLOURS),
    }
    rules, rules_reading, rules_root = read_file(
        place / "accessories.yaml", folder, ACCESSORIES_FILE, known
    )
    findings = [*loaded.findings, *rules_reading.findings]
    sources = {**loaded.sources, "accessories.yaml": rules_root}
    campaigns: tuple[Campaign, ...] | None = ()
    examples: tuple[Example, ...] | None = ()
    if (path := place / "merchandising.yaml").exists():
        campaigns, reading, sources[path.name] = read_file(path, folder, MERCHANDISING_FILE, known)
        findings += reading.findings
    if (path := place / "examples.yaml").exists():
        examples, reading, sources[path.name] = read_file(path, folder, EXAMPLES_FILE, known)
        findings += reading.findings
    return ReadMarketplace(
        loaded=loaded,
        rules=rules or (),
        campaigns=campaigns or (),
        examples=examples or (),
        findings=tuple(findings),
        sources={name: root for name, root in sources.items() if root is not None},
    )


def _keys(root: Node | None, name: str) -> Collection[str]:
    """The words under the key; any word when the file could not be read.

    One mistake there is then not reported again wherever the file is referred to.
    """
    table = root.get(name) if isinstance(root, Table) else None
    return dict.fromkeys(k.text for k, _ in table.entries) if isinstance(table, Table) else ANY_WORD


def _compiled(one: ReadMarketplace, read: ReadLocales) -> MarketplaceLocale:
    loaded = one.loaded
    if loaded.marketplace is None or loaded.tree is None:
        raise DocumentError(one.findings)
    accessories = read.accessories(one)
    return MarketplaceLocale(
        marketplace=loaded.marketplace,
        tree=loaded.tree,
        accessories=accessories,
        campaigns=CompiledCampaigns(
            campaigns=one.campaigns,
            concepts=read.tree,
            tree=loaded.tree,
            calendar=accessories.calendar,
            currency=loaded.marketplace.currency,
        ),
        examples=one.examples,
        stocking=loaded.stocking,
    )
