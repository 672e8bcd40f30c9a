"""R005: everything that can be seen has a leaf."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.concepts import ConceptTree
from documents.findings import Finding
from documents.nodes import descend
from rules.checks.check import Check, Subject, finding_at, key_at


def run(subject: Subject) -> Iterator[Finding]:
    wanted = concepts_with_products(subject.locales.tree)
    for one in subject.locales.marketplaces:
        tree = one.loaded.tree
        if tree is None or not one.is_whole("categories.yaml"):
            continue
        missing = [concept for concept in wanted if not tree.leaves_of(concept)]
        if missing:
            yield finding_at(
                (one.file("categories.yaml"), key_at(one.sources["categories.yaml"], "categories")),
                CHECK.code, f"no leaf takes {_listed(missing)}", "Add each to the leaf where shoppers look.",
            )  # fmt: skip
        root = one.sources["categories.yaml"]
        for concept in tree.accepts:
            for accepted in tree.accepts[concept]:
                if not any(tree.leaves_of(c) for c in subject.locales.tree.below(accepted)):
                    yield finding_at(
                        (one.file("categories.yaml"), descend(root, "accepts", concept)), CHECK.code,
                        f"'{accepted}' is accepted, and no leaf takes it", "Add it to a leaf.", rule=concept,
                    )  # fmt: skip


def concepts_with_products(tree: ConceptTree) -> tuple[str, ...]:
    """The leaves of the concept tree, and the groups that a data set's labels name."""
    parents = {concept.parent for concept in tree.concepts.values()}
    labelled = {c for labels in tree.labels.values() for row in labels.rows for c in row.concepts}
    return tuple(c for c in tree.concepts if c not in parents or c in labelled)


def _listed(words: list[str]) -> str:
    shown = ", ".join(f"'{word}'" for word in words[:8])
    return shown if len(words) <= 8 else f"{shown} and {len(words) - 8} more"


CHECK = Check(
    code="R005",
    title="Every concept has a leaf",
    doc="A product whose concept no leaf takes can never be found. Every concept of "
    "`concepts.yaml` that may have products needs a leaf in each marketplace, ethnic wear "
    "too: the diaspora buys there.",
    passing={
        "in/categories.yaml": """\
categories:
  all: {names: {en: Everything}, concepts: [kurti, saree, dupatta, heels, jutti, necktie]}
"""
    },
    failing={
        "in/categories.yaml": """\
categories:
  all: {names: {en: Everything}, concepts: [kurti, saree, dupatta, heels, necktie]}
"""
    },
    run=run,
)
