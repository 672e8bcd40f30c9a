"""R017: a trigger that no search can meet."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node, descend
from rules.accessories import AccessoryRule
from rules.campaigns import Campaign
from rules.checks.check import Check, Subject, finding_at
from rules.inheritance import written
from rules.overlap import Reach


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        tree = one.loaded.tree
        if tree is None or not one.is_whole("categories.yaml"):
            continue
        reach = Reach(
            concepts=subject.locales.tree, tree=tree, calendar=subject.locales.calendar(one)
        )
        for campaign in one.campaigns:
            yield from _trigger(campaign, reach)
        for rule in one.rules:
            yield from _accessory_rule(rule, reach)


def _trigger(campaign: Campaign, reach: Reach) -> Iterator[Finding]:
    when = campaign.when
    if not reach.pairs(when.concepts, when.categories):
        key = "categories" if when.categories else "concepts"
        yield _finding(campaign, written(campaign, "when", key),
                       "no search can show these concepts in these categories",
                       "Name categories that take the concepts, or leave one out.")  # fmt: skip
    if (
        when.min_price is not None
        and when.max_price is not None
        and when.min_price > when.max_price
    ):
        yield _finding(campaign, written(campaign, "when", "max_price"),
                       f"max_price {when.max_price} is below min_price {when.min_price}",
                       "Swap the two.")  # fmt: skip
    for number, action in enumerate(campaign.actions):
        chosen = action.selector
        low, high = chosen.min_price, chosen.max_price
        file, node = written(campaign, "actions", number, action.verb.value)
        if low is not None and high is not None and low > high:
            yield _finding(campaign, (file, descend(node, "max_price")),
                           f"max_price {high} is below min_price {low}", "Swap the two.")  # fmt: skip
        if not reach.pairs(chosen.concepts, chosen.categories):
            key = "categories" if chosen.categories else "concepts"
            yield _finding(campaign, (file, descend(node, key)),
                           "no product has these concepts in these categories",
                           "Name categories that take the concepts, or leave one out.")  # fmt: skip


def _accessory_rule(rule: AccessoryRule, reach: Reach) -> Iterator[Finding]:
    if rule.categories and not reach.pairs(rule.seen, rule.categories):
        yield finding_at(
            written(rule, "categories"), CHECK.code,
            "no search can show these concepts in these categories",
            "Name categories that take the concepts, or leave the categories out.", rule=rule.id,
        )  # fmt: skip


def _finding(campaign: Campaign, place: tuple[str, Node], found: str, fix: str) -> Finding:
    return finding_at(place, CHECK.code, found, fix, rule=campaign.id)


_CAMPAIGN = """\
campaigns:
  - id: sarees
    owner: womens
    reason: Sarees lead.
    when: {{concepts: [saree], categories: [{category}]}}
    actions:
      - {{boost: {{concepts: [saree]}}, by: 0.3}}
"""

CHECK = Check(
    code="R017",
    title="Every trigger can be met",
    doc="All that a trigger states must hold at once. A concept outside the stated categories, or "
    "a lowest price above the highest, can never hold.",
    passing={"in/merchandising.yaml": _CAMPAIGN.format(category="women.ethnic")},
    failing={"in/merchandising.yaml": _CAMPAIGN.format(category="men.ties")},
    run=run,
)
