"""R008: a rule never forbids what another offers for the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.concepts import ConceptTree
from documents.findings import Finding
from rules.accessories import AccessoryRule
from rules.checks.check import Check, Subject, finding_at, item_at
from rules.inheritance import written
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        yield from _forbidden(one, subject)


def _forbidden(one: ReadMarketplace, subject: Subject) -> Iterator[Finding]:
    tree = subject.locales.tree
    forbidden = _forbidding_rules(one.rules, tree)
    barred = {never for _, never in forbidden}
    for rule in one.rules:
        for slot in rule.slots:
            for named in slot.concepts:
                if named not in barred:
                    continue
                covered = (c for seen in rule.seen for c in tree.below(seen))
                other = next(
                    (found for c in covered for found in forbidden.get((c, named), ()) if _meet(found, rule)),
                    None,
                )  # fmt: skip
                if other is not None:
                    yield finding_at(
                        (written(rule, "slots")[0], item_at(slot.source, "concepts", named)), CHECK.code,
                        f"the slot '{slot.id}' offers '{named}', which 'never' of '{other.id}' forbids",
                        f"Remove '{named}' from one of the two.", rule=rule.id, view=one,
                    )  # fmt: skip


def _forbidding_rules(
    rules: tuple[AccessoryRule, ...], tree: ConceptTree
) -> dict[tuple[str, str], list[AccessoryRule]]:
    """By concept seen and concept forbidden, down to the leaves."""
    found: dict[tuple[str, str], list[AccessoryRule]] = {}
    for rule in rules:
        if not rule.never:
            continue
        nevers = [c for named in rule.never for c in tree.below(named)]
        for concept in dict.fromkeys(c for seen in rule.seen for c in tree.below(seen)):
            for never in nevers:
                found.setdefault((concept, never), []).append(rule)
    return found


def _meet(a: AccessoryRule, b: AccessoryRule) -> bool:
    """Whether both may apply to one outfit."""
    genders = a.gender is None or b.gender is None or a.gender == b.gender
    occasions = a.occasion is None or b.occasion is None or a.occasion == b.occasion
    return genders and occasions


CHECK = Check(
    code="R008",
    title="What one rule offers, no other forbids",
    doc="`never` of every rule that applies holds for all slots together. A concept that one rule "
    "offers and another (or the same) forbids for the same outfit would never be shown.",
    passing={
        "in/accessories.yaml": """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta.
    seen: [kurti]
    slots:
      - {id: dupatta, titles: {en: Dupattas}, concepts: [dupatta]}
    never: [heels]
"""
    },
    failing={
        "in/accessories.yaml": """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta.
    seen: [kurti]
    slots:
      - {id: shoes, titles: {en: Shoes}, concepts: [jutti, heels]}
    never: [heels]
"""
    },
    run=run,
)
