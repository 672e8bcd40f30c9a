"""`concepts.yaml`, `marketplace.yaml` and `categories.yaml` → the catalogue's values.

Two depths: `load_concepts` and `load_marketplaces` raise DocumentError when anything is wrong, for
callers that only want values; `read_concepts` and `read_marketplace` return what could be read with
every finding, and keep the written nodes, for the checks and for provenance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalog.categories import Category, CategoryTree
from catalog.concepts import Concept, ConceptTree, LabelMap, LabelRow
from catalog.likeness import Thresholds
from catalog.locale_schemas import (
    CATEGORIES,
    CONCEPTS,
    MARKETPLACE,
    SHARED_SETTINGS,
    CategoryFile,
    ConceptFile,
    SharedSettings,
    Stocking,
)
from catalog.marketplaces import Marketplace, RankingDefaults
from documents.findings import DocumentError, Finding, errors
from documents.nodes import Node, Table, descend
from documents.reading import Reading, Vocabulary
from documents.schema import Invalid, Schema, T
from documents.source import read_document
from documents.suggestions import suggestion

MARKETPLACE_FOLDER = re.compile(r"[a-z]{2}")
"""Folders of `locales/` that are marketplaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedConcepts:
    """The concept tree, or None, with every problem of its file."""

    tree: ConceptTree | None
    findings: tuple[Finding, ...]
    duplicates: Thresholds = Thresholds()  # noqa: RUF009 (frozen)
    source: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedMarketplace:
    """One marketplace's folder as far as it could be read."""

    id: str
    folder: Path
    marketplace: Marketplace | None
    tree: CategoryTree | None
    stocking: Mapping[str, Stocking] = field(default_factory=dict)
    """By tradition; a tradition without an entry is stocked in full."""
    seasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Months by season, where the marketplace states its own."""
    findings: tuple[Finding, ...] = ()
    sources: Mapping[str, Node] = field(default_factory=dict, repr=False)
    """The written root of each file that could be parsed, by file name."""
    inherited: tuple[tuple[str, Node], ...] = field(default=(), repr=False)
    """Path and root of each `marketplace.yaml` above the marketplace, the most general first."""

    def file(self, name: str) -> str:
        """The path of one of its files, as findings print it."""
        return str(self.folder / name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Every marketplace, complete, and the warnings about its files."""

    concepts: ConceptTree
    marketplaces: Mapping[str, Marketplace]
    trees: Mapping[str, CategoryTree]
    stocking: Mapping[str, Mapping[str, Stocking]]
    duplicates: Thresholds
    findings: tuple[Finding, ...]


def load_concepts(path: Path) -> ConceptTree:
    """The concept tree of `concepts.yaml`. Raises DocumentError with every problem."""
    return _whole(read_concepts(path))


def load_marketplaces(folder: Path) -> Loaded:
    """Every marketplace below `folder`. Raises DocumentError with every problem of every file."""
    stated = read_concepts(folder / "concepts.yaml")
    concepts = _whole(stated)
    read = [read_marketplace(place, concepts, folder) for place in marketplace_folders(folder)]
    findings = tuple(dict.fromkeys(finding for one in read for finding in one.findings))
    if errors(findings):
        raise DocumentError(findings)
    return Loaded(
        concepts=concepts,
        marketplaces={one.id: one.marketplace for one in read if one.marketplace},
        trees={one.id: one.tree for one in read if one.tree},
        stocking={one.id: one.stocking for one in read},
        duplicates=stated.duplicates,
        findings=findings,
    )


def marketplace_folders(folder: Path) -> tuple[Path, ...]:
    """The marketplaces' folders, by name."""
    return tuple(
        place
        for place in sorted(folder.iterdir())
        if place.is_dir() and MARKETPLACE_FOLDER.fullmatch(place.name)
    )


def read_concepts(path: Path) -> LoadedConcepts:
    """`concepts.yaml` with every problem; the tree is None when it cannot be built."""
    try:
        document = read_document(path, path.parent)
    except DocumentError as error:
        return LoadedConcepts(tree=None, findings=error.findings)
    written = descend(document.root, "concepts")
    words = [key.text for key, _ in written.entries] if isinstance(written, Table) else []
    known = {"concept": Vocabulary(noun="concept", words=dict.fromkeys(words))}
    reading = Reading(file=str(path), known=known)
    read = CONCEPTS.read(document.root, reading, path.name)
    tree = None if isinstance(read, Invalid) else _concept_tree(read, reading)
    return LoadedConcepts(
        tree=tree,
        findings=(*document.findings, *reading.findings),
        duplicates=Thresholds() if isinstance(read, Invalid) else read.duplicates,
        source=document.root,
    )


def read_marketplace(folder: Path, concepts: ConceptTree, root: Path) -> LoadedMarketplace:
    """`marketplace.yaml` and `categories.yaml` of one folder, with every problem."""
    known = {"concept": Vocabulary(noun="concept", words=concepts.concepts)}
    stated, stated_reading, stated_root = read_file(
        folder / "marketplace.yaml", root, MARKETPLACE, known
    )
    filed, filed_reading, filed_root = read_file(
        folder / "categories.yaml", root, CATEGORIES, known
    )
    if stated is not None and stated.marketplace.id != folder.name:
        stated_reading.report(
            descend(stated.source, "id"), "L001",
            f"marketplace '{stated.marketplace.id}' is not the name of its folder",
            f"Did you mean '{folder.name}'?",
        )  # fmt: skip
    tree = _category_tree(filed, folder.name, filed_reading) if filed is not None else None
    roots = {"marketplace.yaml": stated_root, "categories.yaml": filed_root}
    above = _settings_above(root, stated.marketplace) if stated else _NOTHING_ABOVE
    own = (stated,) if stated else ()
    ranking = {k: v for one in (*above.settings, *own) for k, v in one.ranking.items()}
    return LoadedMarketplace(
        id=folder.name,
        folder=folder,
        marketplace=replace(stated.marketplace, ranking=RankingDefaults(**ranking))
        if stated
        else None,
        tree=tree,
        stocking={k: v for one in (*above.settings, *own) for k, v in one.stocking.items()},
        seasons={k: v for one in (*above.settings, *own) for k, v in one.seasons.items()},
        findings=(*stated_reading.findings, *filed_reading.findings, *above.findings),
        sources={name: node for name, node in roots.items() if node is not None},
        inherited=above.sources,
    )


def language_folder(root: Path, marketplace: Marketplace) -> Path:
    """Where the files stand that all marketplaces of one default language share."""
    return root / "languages" / marketplace.default_language.split("-", maxsplit=1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Above:
    """The settings above a marketplace, the most general first."""

    settings: tuple[SharedSettings, ...] = ()
    sources: tuple[tuple[str, Node], ...] = ()
    findings: tuple[Finding, ...] = ()


_NOTHING_ABOVE = _Above()


def _settings_above(root: Path, marketplace: Marketplace) -> _Above:
    settings, sources, findings = [], [], []
    for place in (root, language_folder(root, marketplace)):
        path = place / "marketplace.yaml"
        if path.exists():
            read, reading, node = read_file(path, root, SHARED_SETTINGS, {})
            settings += [read] if read is not None else []
            sources += [(str(path), node)] if node is not None else []
            findings += reading.findings
    return _Above(settings=tuple(settings), sources=tuple(sources), findings=tuple(findings))


def read_file(
    path: Path, root: Path, schema: Schema[T], known: Mapping[str, Vocabulary]
) -> tuple[T | None, Reading, Node | None]:
    """One file by its schema: the value or None, the reading with all findings, and the root node."""
    reading = Reading(file=str(path), known=known)
    try:
        document = read_document(path, root)
    except DocumentError as error:
        reading.findings.extend(error.findings)
        return None, reading, None
    reading.findings.extend(document.findings)
    read = schema.read(document.root, reading, path.name)
    return (None if isinstance(read, Invalid) else read), reading, document.root


def _whole(loaded: LoadedConcepts) -> ConceptTree:
    if loaded.tree is None or errors(loaded.findings):
        raise DocumentError(loaded.findings)
    return loaded.tree


def _concept_tree(written: ConceptFile, reading: Reading) -> ConceptTree | None:
    circles = tuple(concept for concept in written.concepts if _is_own_ancestor(concept, written))
    for concept in circles:
        row = written.concepts[concept]
        reading.rule = concept
        reading.report(
            descend(row.source, "parent"), "L002", f"'{concept}' stands below itself",
            "Name a parent that does not stand below it.",
        )  # fmt: skip
    reading.rule = ""
    labels = {name: _label_map(name, written, reading) for name in written.labels}
    if circles:
        return None
    return ConceptTree(
        concepts={
            name: Concept(
                id=name, parent=row.parent, tradition=row.tradition, free_size=row.free_size
            )
            for name, row in written.concepts.items()
        },
        labels={name: found for name, found in labels.items() if found},
    )


def _is_own_ancestor(concept: str, written: ConceptFile) -> bool:
    seen: set[str] = set()
    above = written.concepts[concept].parent
    while above is not None and above not in seen:
        if above == concept:
            return True
        seen.add(above)
        above = written.concepts[above].parent
    return False


def _label_map(name: str, written: ConceptFile, reading: Reading) -> LabelMap | None:
    stated = written.labels[name]
    reading.rule = name
    if stated.same_as is not None:
        other = written.labels.get(stated.same_as)
        if other is None or other.same_as is not None or stated.rows:
            choices = [
                n for n, rows in written.labels.items() if rows.same_as is None and n != name
            ]
            reading.report(
                descend(stated.source, "same_as"), "L003",
                f"data set '{stated.same_as}' has no rows that '{name}' could use",
                suggestion(stated.same_as, choices, "data set"),
            )  # fmt: skip
            reading.rule = ""
            return None
        stated = other
    if stated.column is None or not stated.rows:
        reading.report(
            stated.source, "L003", f"data set '{name}' has no column with rows",
            "Write 'column:' and 'rows:', or 'same_as:'.",
        )  # fmt: skip
    reading.rule = ""
    rows = tuple(
        LabelRow(label=row.label, concepts=row.concepts, where=row.where) for row in stated.rows
    )
    return LabelMap(dataset=name, column=stated.column or "", rows=rows)


def _category_tree(written: CategoryFile, marketplace: str, reading: Reading) -> CategoryTree:
    """The tree of the categories whose ancestors could all be read; the others are reported."""
    table = descend(written.source, "categories")
    stated = dict.fromkeys(key.text for key, _ in table.entries) if isinstance(table, Table) else {}
    categories: dict[str, Category] = {}
    for id_ in sorted(written.categories, key=lambda one: one.count(".")):
        row = written.categories[id_]
        parent = id_.rpartition(".")[0] or None
        if parent is not None and parent not in stated:
            reading.rule = id_
            reading.report(
                _key(table, id_), "L004", f"the category above, '{parent}', does not exist",
                suggestion(parent, (c for c in stated if c != id_), "category"),
            )  # fmt: skip
        if parent is None or parent in categories:
            categories[id_] = Category(
                id=id_, parent=parent, names=row.names, concepts=row.concepts, gender=row.gender
            )
    reading.rule = ""
    in_file_order = {id_: categories[id_] for id_ in written.categories if id_ in categories}
    return CategoryTree(marketplace=marketplace, categories=in_file_order, accepts=written.accepts)


def _key(table: Node, key: str) -> Node:
    written = table.key(key) if isinstance(table, Table) else None
    return written if written is not None else table
