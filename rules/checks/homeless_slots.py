"""R010: a slot can be filled in this marketplace."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import descend
from rules.checks.check import Check, Subject, finding_at
from rules.inheritance import written


def run(subject: Subject) -> Iterator[Finding]:
    concepts = subject.locales.tree
    for one in subject.locales.views:
        tree = one.loaded.tree
        if tree is None or not one.is_whole("categories.yaml"):
            continue
        fillable = {c for c in concepts.concepts if any(map(tree.leaves_of, concepts.below(c)))}
        for rule in one.new_rules:
            for slot in rule.slots:
                if fillable.isdisjoint(slot.concepts):
                    yield finding_at(
                        (written(rule, "slots")[0], descend(slot.source, "concepts")), CHECK.code,
                        f"no leaf takes what the slot '{slot.id}' offers",
                        "Add the concept to a leaf of categories.yaml, or remove the slot.", rule=rule.id,
                        view=one,
                    )  # fmt: skip


CHECK = Check(
    code="R010",
    title="Every slot can be filled",
    doc="A slot is filled from the leaves that take its concepts. When the marketplace has no "
    "such leaf, the slot stays empty for ever.",
    passing={},
    failing={
        "in/categories.yaml": """\
categories:
  women: {names: {en: Women}}
  women.ethnic: {names: {en: Ethnic wear}, concepts: [kurti, saree]}
""",
        "in/accessories.yaml": """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta.
    seen: [kurti]
    slots:
      - {id: dupatta, titles: {en: Dupattas}, concepts: [dupatta]}
""",
    },
    run=run,
)
