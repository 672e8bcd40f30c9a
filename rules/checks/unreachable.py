"""R017: a trigger that no search can meet."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node, descend
from rules.accessories import AccessoryRule
from rules.campaigns import Campaign
from rules.checks.check import Check, Subject, finding_at
from rules.inheritance import written
from rules.level_files import ReadMarketplace
from rules.overlap import Reach
from rules.selectors import Selector


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        tree = one.loaded.tree
        if tree is None or not one.is_whole("categories.yaml"):
            continue
        reach = Reach(
            concepts=subject.locales.tree, tree=tree, calendar=subject.locales.calendar(one)
        )
        for campaign in one.new_campaigns:
            yield from _trigger(campaign, reach, one)
        for rule in one.new_rules:
            yield from _accessory_rule(rule, reach, one)


def _trigger(campaign: Campaign, reach: Reach, one: ReadMarketplace) -> Iterator[Finding]:
    when = campaign.when
    if not reach.pairs(when.concepts, when.categories):
        key = "categories" if when.categories else "concepts"
        yield _finding(campaign, one, written(campaign, "when", key),
                       "no search can show these concepts in these categories",
                       "Name categories that take the concepts, or leave one out.")  # fmt: skip
    if (
        when.min_price is not None
        and when.max_price is not None
        and when.min_price > when.max_price
    ):
        yield _finding(campaign, one, written(campaign, "when", "max_price"),
                       f"max_price {when.max_price} is below min_price {when.min_price}",
                       "Swap the two.")  # fmt: skip
    for number, action in enumerate(campaign.actions):
        for key, found, fix in _nobody_meant(action.selector, reach):
            file, node = written(campaign, "actions", number, action.verb.value)
            yield _finding(campaign, one, (file, descend(node, key)), found, fix)


def _nobody_meant(chosen: Selector, reach: Reach) -> Iterator[tuple[str, str, str]]:
    """Why no product can be meant: the key, what was found, what to do."""
    low, high = chosen.min_price, chosen.max_price
    if low is not None and high is not None and low > high:
        yield "max_price", f"max_price {high} is below min_price {low}", "Swap the two."
    if not reach.pairs(chosen.concepts, chosen.categories):
        yield ("categories" if chosen.categories else "concepts",
               "no product has these concepts in these categories",
               "Name categories that take the concepts, or leave one out.")  # fmt: skip


def _accessory_rule(rule: AccessoryRule, reach: Reach, one: ReadMarketplace) -> Iterator[Finding]:
    if rule.timing.is_seasonal and not rule.timing.has_days(reach.calendar):
        key = "months" if rule.timing.months else "season"
        yield finding_at(
            written(rule, key), CHECK.code,
            "the rule's season or months and its other days never meet",
            "Leave one of them out, or choose days that lie in both.", rule=rule.id, view=one,
        )  # fmt: skip
    if rule.categories and not reach.pairs(rule.seen, rule.categories):
        yield finding_at(
            written(rule, "categories"), CHECK.code,
            "no search can show these concepts in these categories",
            "Name categories that take the concepts, or leave the categories out.", rule=rule.id, view=one,
        )  # fmt: skip


def _finding(
    campaign: Campaign, one: ReadMarketplace, place: tuple[str, Node], found: str, fix: str
) -> Finding:
    return finding_at(place, CHECK.code, found, fix, rule=campaign.id, view=one)


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
    doc="All that a trigger states must hold at once. A concept outside the stated categories, "
    "a lowest price above the highest, or months outside a rule's own days can never hold.",
    passing={"in/merchandising.yaml": _CAMPAIGN.format(category="women.ethnic")},
    failing={"in/merchandising.yaml": _CAMPAIGN.format(category="men.ties")},
    run=run,
)
