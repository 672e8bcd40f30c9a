"""R007: the accessory rules offer at least what the yardstick asks for."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node
from rules.accessories import AccessoryRules
from rules.checks.check import Check, Subject, finding_at, key_at
from rules.expectations import broken_nevers, missing_offers, slots_for
from rules.inheritance import written
from rules.level_files import ReadMarketplace
from rules.yardstick import AccessoryRow


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        if not (one.is_whole("accessories.yaml") and one.is_whole("categories.yaml")):
            continue
        rules = subject.locales.accessories(one)
        for row in subject.yardstick.accessories:
            if one.id in row.marketplaces:
                for concept in row.seen:
                    yield from _judge(one, rules, row, concept)


def _judge(
    one: ReadMarketplace, rules: AccessoryRules, row: AccessoryRow, concept: str
) -> Iterator[Finding]:
    if concept not in rules.concepts.concepts:
        return
    slots = slots_for(concept, rules)
    rule, (file, node) = _nearest_rule(one, rules, concept)
    for group in missing_offers(slots, row.offers, rules.concepts):
        words = " or ".join(f"'{word}'" for word in group)
        yield finding_at(
            (file, node), CHECK.code,
            f"nothing offers {words} with '{concept}' (line {row.line} of accessories.csv)",
            f"Add a slot with 'concepts: [{', '.join(group)}]'.", rule=rule,
        )  # fmt: skip
    for named, slot in broken_nevers(slots, row.never, rules.concepts):
        yield finding_at(
            (file, node), CHECK.code,
            f"the slot '{slot.id}' offers '{named}' with '{concept}' (line {row.line} of accessories.csv)",
            f"Add '{named}' to 'never:'.", rule=rule,
        )  # fmt: skip


def _nearest_rule(
    one: ReadMarketplace, rules: AccessoryRules, concept: str
) -> tuple[str, tuple[str, Node]]:
    for rule in rules.by_concept.get(concept, ()):
        if not rule.timing.is_dated and not rule.timing.is_seasonal and rule.occasion is None:
            file, _ = written(rule, "slots")
            sources = dict([*rule.layers, (rule.place.file, rule.source)])
            return rule.id, (file, key_at(sources[file], "slots"))
    name = "accessories.yaml"
    return "", (one.file(name), key_at(one.sources[name], "rules"))


_HEAD = "marketplaces,seen,offer_at_least,never_first\n"

CHECK = Check(
    code="R007",
    title="Accessories are at least those of the yardstick",
    doc="`locales/yardstick/accessories.csv` lists, for what is seen, what must be offered on "
    "every day of the year and what must never be offered. The everyday rules alone must meet "
    "it: festivals, seasons and occasions only add.",
    passing={"yardstick/accessories.csv": _HEAD + "in,kurti,dupatta,necktie\n"},
    failing={"yardstick/accessories.csv": _HEAD + "in,kurti,dupatta;jutti|heels,necktie\n"},
    run=run,
)
