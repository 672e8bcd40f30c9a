"""R002: names in every language of the marketplace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.marketplaces import Marketplace
from documents.findings import Finding
from documents.nodes import Node, Table, descend
from rules.checks.check import Check, Subject, finding_at
from rules.loading import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.marketplaces:
        marketplace = one.loaded.marketplace
        if marketplace is None:
            continue
        for file, rule, names, node in _named(one):
            missing = [tag for tag in marketplace.languages if not _has(names, tag)]
            if missing:
                yield _lacking(missing, marketplace, rule, (one.file(file), node))


def _lacking(
    missing: list[str], marketplace: Marketplace, rule: str, place: tuple[str, Node]
) -> Finding:
    words = ", ".join(tag.split("-")[0] for tag in missing)
    severity = "error" if marketplace.default_language in missing else "warning"
    return finding_at(
        place, CHECK.code, f"there is no name in {words}", f"Add '{words.split(', ')[0]}: …'.",
        rule=rule, severity="error" if severity == "error" else "warning",
    )  # fmt: skip


def _has(names: Mapping[str, str], tag: str) -> bool:
    base = tag.split("-", maxsplit=1)[0]
    return any(known in (tag, base) for known in names)


def _named(one: ReadMarketplace) -> Iterator[tuple[str, str, Mapping[str, str], Node]]:
    """File, rule, names and their node, for everything that a shopper reads."""
    marketplace, tree = one.loaded.marketplace, one.loaded.tree
    if marketplace is not None and "marketplace.yaml" in one.sources:
        yield ("marketplace.yaml", "", marketplace.names,
               descend(one.sources["marketplace.yaml"], "names"))  # fmt: skip
    if tree is not None:
        written = descend(one.sources["categories.yaml"], "categories")
        rows = (
            {key.text: value for key, value in written.entries}
            if isinstance(written, Table)
            else {}
        )
        for category in tree:
            yield (
                "categories.yaml",
                category.id,
                category.names,
                descend(rows[category.id], "names"),
            )
    for rule in one.rules:
        for slot in rule.slots:
            yield "accessories.yaml", rule.id, slot.titles, descend(slot.source, "titles")


CHECK = Check(
    code="R002",
    title="Names stand in every language of the marketplace",
    doc="Shoppers read the names of categories and the titles of slots. Each needs one in every "
    "language that `marketplace.yaml` lists: `en` serves en-IN and en-GB alike. A missing "
    "default language is an error, another a warning, because its shoppers then read the "
    "default language.",
    passing={
        "in/marketplace.yaml": """\
id: in
names: {en: India}
languages: [en-IN]
default_language: en-IN
currency: INR
time_zone: Asia/Kolkata
size_systems: [IN]
prime_name: Prime
"""
    },
    failing={
        "in/marketplace.yaml": """\
id: in
names: {hi: भारत}
languages: [en-IN, hi-IN]
default_language: en-IN
currency: INR
time_zone: Asia/Kolkata
size_systems: [IN]
prime_name: Prime
"""
    },
    run=run,
)
