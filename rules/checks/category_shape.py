"""R003: concepts stand on leaves, and every leaf takes some."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node, Table, descend
from rules.checks.check import Check, Subject, finding_at, key_at
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.marketplaces:
        if one.loaded.tree is not None and one.is_whole("categories.yaml"):
            yield from _shapes(one)


def _shapes(one: ReadMarketplace) -> Iterator[Finding]:
    tree = one.loaded.tree
    parents = {category.parent for category in tree or ()}
    for category in tree or ():
        place = (one.file("categories.yaml"), category_key(one, category.id))
        if category.id in parents and category.concepts:
            yield finding_at(
                place, CHECK.code, "a category with others below it takes concepts",
                "Move its concepts to a leaf below it.", rule=category.id,
            )  # fmt: skip
        elif category.id not in parents and not category.concepts:
            yield finding_at(
                place, CHECK.code, "a category without others below it takes no concept",
                "Add 'concepts: […]', or remove the category.", rule=category.id,
            )  # fmt: skip


def category_key(one: ReadMarketplace, category: str) -> Node:
    """Where the category is written."""
    root = one.sources.get("categories.yaml", Table((), 1, 1))
    return key_at(descend(root, "categories"), category)


CHECK = Check(
    code="R003",
    title="Leaves take concepts, groups do not",
    doc="Products stand in leaves. A department or group that takes concepts would hide them from "
    "its leaves, and a leaf without concepts would stay empty for ever.",
    passing={
        "in/categories.yaml": """\
categories:
  women: {names: {en: Women}}
  women.kurti: {names: {en: Kurtis}, concepts: [kurti, saree, dupatta, heels, jutti, necktie]}
"""
    },
    failing={
        "in/categories.yaml": """\
categories:
  women: {names: {en: Women}, concepts: [saree]}
  women.kurti: {names: {en: Kurtis}, concepts: [kurti, dupatta, heels, jutti, necktie]}
"""
    },
    run=run,
)
