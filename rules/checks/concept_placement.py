"""R004: of two leaves with one concept, the gender decides."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import descend
from rules.checks.check import Check, Subject, finding_at, item_at
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.marketplaces:
        if one.loaded.tree is not None:
            yield from _twice(one)


def _twice(one: ReadMarketplace) -> Iterator[Finding]:
    taken: dict[tuple[str, str | None], str] = {}
    for category in one.loaded.tree or ():
        for concept in category.concepts:
            key = (concept, category.gender)
            if key in taken:
                node = descend(one.sources["categories.yaml"], "categories", category.id)
                yield finding_at(
                    (one.file("categories.yaml"), item_at(node, "concepts", concept)), CHECK.code,
                    f"the concept '{concept}' stands in '{taken[key]}' already",
                    "Remove it from one of the two, or give each leaf its gender.", rule=category.id,
                )  # fmt: skip
            else:
                taken[key] = category.id


CHECK = Check(
    code="R004",
    title="A concept has one leaf for each gender",
    doc="A product's leaf follows from its concept and, where two leaves take the same concept, "
    "from its gender. Two leaves with the same concept and the same gender leave that to "
    "chance.",
    passing={
        "in/categories.yaml": """\
categories:
  women: {names: {en: Women}}
  women.shoes: {names: {en: Shoes}, concepts: [jutti, heels, kurti, saree, dupatta], gender: women}
  men: {names: {en: Men}}
  men.shoes: {names: {en: Shoes}, concepts: [jutti, necktie], gender: men}
"""
    },
    failing={
        "in/categories.yaml": """\
categories:
  women: {names: {en: Women}}
  women.shoes: {names: {en: Shoes}, concepts: [jutti, heels, kurti, saree, dupatta, necktie]}
  men: {names: {en: Men}}
  men.shoes: {names: {en: Shoes}, concepts: [jutti]}
"""
    },
    run=run,
)
