"""R019: the examples hold."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node, descend
from rules.accessories import AccessoryRules
from rules.checks.check import Check, Subject, finding_at, item_at
from rules.expectations import broken_nevers, missing_offers, slots_for, takes
from rules.level_files import ReadMarketplace
from rules.schemas import Example


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        if one.is_whole("accessories.yaml") and one.is_whole("categories.yaml"):
            rules = subject.locales.accessories(one)
            for example in one.examples:
                yield from _judge(one, example, rules)


def _judge(one: ReadMarketplace, example: Example, rules: AccessoryRules) -> Iterator[Finding]:
    slots = slots_for(
        example.seen, rules, on=example.on, gender=example.gender, occasion=example.occasion
    )
    offered = ", ".join(slot.id for slot in slots) or "nothing"
    for group in missing_offers(slots, example.offers, rules.concepts):
        words = "|".join(group)
        yield _finding(
            one, example, item_at(example.source, "offers", words),
            f"no slot offers '{words}' with '{example.seen}' (offered: {offered})",
        )  # fmt: skip
    for named, slot in broken_nevers(slots, example.never, rules.concepts):
        yield _finding(
            one, example, item_at(example.source, "never", named),
            f"the slot '{slot.id}' offers '{named}' with '{example.seen}'",
        )  # fmt: skip
    if example.first and not any(
        takes(s, c, rules.concepts) for s in slots[:1] for c in example.first
    ):
        yield _finding(
            one, example, descend(example.source, "first"),
            f"the first slot offers none of {', '.join(example.first)} (offered: {offered})",
        )  # fmt: skip


def _finding(one: ReadMarketplace, example: Example, node: Node, found: str) -> Finding:
    return finding_at((one.file("examples.yaml"), node), CHECK.code, found,
                      "Correct accessories.yaml, or the example.", rule=example.id)  # fmt: skip


CHECK = Check(
    code="R019",
    title="The examples hold",
    doc="`examples.yaml` states what must be offered and what must not, in a few words. Every "
    "example is run: without `on`, by the everyday rules alone; with it, as on that day.",
    passing={},
    failing={
        "in/examples.yaml": """\
examples:
  - {id: kurti-offers-juttis, seen: kurti, offers: [jutti]}
"""
    },
    run=run,
)
