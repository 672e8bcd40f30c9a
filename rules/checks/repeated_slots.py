"""R009: a rule offers nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node, descend
from rules.accessories import AccessoryRule
from rules.checks.check import Check, Subject, finding_at, item_at
from rules.inheritance import written


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        for rule in one.new_rules:
            yield from _repeated(rule)


def _repeated(rule: AccessoryRule) -> Iterator[Finding]:
    ids: set[str] = set()
    taken: dict[str, str] = {}
    for slot in rule.slots:
        if slot.id in ids:
            yield _finding(rule, descend(slot.source, "id"), f"the slot '{slot.id}' stands twice",
                           "Join the two, or give one another id.")  # fmt: skip
        ids.add(slot.id)
        for concept in slot.concepts:
            if concept in taken and taken[concept] != slot.id:
                yield _finding(rule, item_at(slot.source, "concepts", concept),
                               f"'{concept}' is offered by the slot '{taken[concept]}' already",
                               "Remove it from one of the two slots.")  # fmt: skip
            taken.setdefault(concept, slot.id)


def _finding(rule: AccessoryRule, node: Node, found: str, fix: str) -> Finding:
    return finding_at((written(rule, "slots")[0], node), CHECK.code, found, fix, rule=rule.id)


CHECK = Check(
    code="R009",
    title="A rule offers nothing twice",
    doc="Two slots of one rule with the same id, or with the same concept, would show the same "
    "products in two rows.",
    passing={
        "in/accessories.yaml": """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta and juttis.
    seen: [kurti]
    slots:
      - {id: dupatta, titles: {en: Dupattas}, concepts: [dupatta]}
      - {id: jutti, titles: {en: Juttis}, concepts: [jutti]}
"""
    },
    failing={
        "in/accessories.yaml": """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta and juttis.
    seen: [kurti]
    slots:
      - {id: dupatta, titles: {en: Dupattas}, concepts: [dupatta]}
      - {id: scarves, titles: {en: Scarves}, concepts: [dupatta, jutti]}
"""
    },
    run=run,
)
