"""The locale files of all marketplaces → `Locales`, or every problem of every file at once.

`load_locales` is for serving: a value without errors, or DocumentError. `read_locales` is for the
checker: whatever could be read, with the findings so far, before `rules.checks` looks at it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.locale_files import (
    LoadedConcepts,
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
from documents.reading import Vocabulary
from rules.accessories import AccessoryRules
from rules.calendar import Calendar
from rules.campaigns import CompiledCampaigns
from rules.level_files import (
    LANGUAGE_FILES,
    LOCALE_FILES,
    REGION_FILES,
    SHARED_FILES,
    ReadMarketplace,
    language_folders,
    read_views,
    region_folders,
    written_keys,
)
from rules.schemas import FESTIVALS_FILE, Example, Festival


@dataclass(frozen=True, kw_only=True)
class MarketplaceLocale:
    """Everything that the files say about one marketplace."""

    marketplace: Marketplace
    tree: CategoryTree
    accessories: AccessoryRules
    campaigns: CompiledCampaigns
    examples: tuple[Example, ...]
    stocking: Mapping[str, Stocking]
    regions: Mapping[str, MarketplaceLocale] = field(default_factory=dict)
    """The same marketplace as each of its regions sees it."""


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
class ReadLocales:
    """All files as far as they could be read."""

    folder: Path
    concepts: LoadedConcepts
    festivals: Mapping[str, Festival]
    marketplaces: tuple[ReadMarketplace, ...]
    regions: tuple[ReadMarketplace, ...] = ()
    findings: tuple[Finding, ...]

    @property
    def views(self) -> tuple[ReadMarketplace, ...]:
        """Every marketplace and every region, as a shopper's request may name them."""
        return (*self.marketplaces, *self.regions)

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
    marketplaces = {
        one.id: replace(
            _compiled(one, read),
            regions={
                r.region: _compiled(r, read) for r in read.regions if r.id == one.id and r.region
            },
        )
        for one in read.marketplaces
    }
    return Locales(
        concepts=read.tree,
        marketplaces=marketplaces,
        version=files_version(locale_contents(folder)),
        findings=read.findings,
    )


def locale_contents(folder: Path) -> Mapping[str, bytes]:
    """The bytes of every locale file by its path below `folder`, sorted."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in locale_files(folder)}


def locale_files(folder: Path) -> tuple[Path, ...]:
    """Every locale file that there is, sorted."""
    files = [folder / name for name in SHARED_FILES]
    files += [place / name for place in language_folders(folder) for name in LANGUAGE_FILES]
    for place in marketplace_folders(folder):
        files += [place / name for name in LOCALE_FILES]
        files += [region / name for region in region_folders(place) for name in REGION_FILES]
    return tuple(path for path in sorted(files) if path.is_file())


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
        festival_words = written_keys(root, "festivals")
        findings += reading.findings
    tree = concepts.tree
    if tree is None:
        return ReadLocales(folder=folder, concepts=concepts, festivals=festivals, marketplaces=(),
                           findings=tuple(sorted(findings)))  # fmt: skip
    loaded = [read_marketplace(place, tree, folder) for place in marketplace_folders(folder)]
    known = {
        "concept": Vocabulary(noun="concept", words=tree.concepts),
        "festival": Vocabulary(noun="festival", words=festival_words),
        "colour": Vocabulary(noun="colour", words=COLOURS),
    }
    views = tuple(read_views(folder, loaded, known))
    findings += (finding for one in views for finding in one.findings)
    return ReadLocales(
        folder=folder,
        concepts=concepts,
        festivals=festivals,
        marketplaces=tuple(one for one in views if one.region is None),
        regions=tuple(one for one in views if one.region is not None),
        findings=tuple(sorted(set(findings))),
    )


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
