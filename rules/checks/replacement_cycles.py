"""R018: replacements lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.campaigns import Action, Campaign, Verb
from rules.checks.check import Check, Subject, finding_at
from rules.level_files import ReadMarketplace

Step = tuple[str, Campaign, Action]
"""The product that takes the place, and who says so."""


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        if not one.new_campaigns:
            continue
        steps: dict[str, list[Step]] = {}
        for campaign in one.campaigns:
            for action in campaign.actions:
                if action.verb is Verb.REPLACE and action.other is not None:
                    steps.setdefault(action.product, []).append((action.other, campaign, action))
        yield from _cycles(steps, one)


def _cycles(steps: dict[str, list[Step]], one: ReadMarketplace) -> Iterator[Finding]:
    """One finding for each product from which replacements lead back to it, unless told already."""
    told: set[str] = set()
    for start in steps:
        if start not in told and (circle := _way_back(start, steps)):
            told.update(step[2].product for step in circle)
            _, campaign, action = circle[-1]
            path = " → ".join((start, *(step[0] for step in circle)))
            yield finding_at(
                action.place, CHECK.code, f"the replacements go in a circle: {path}",
                "Remove one of them.", rule=campaign.id, view=one,
            )  # fmt: skip


def _way_back(start: str, steps: dict[str, list[Step]]) -> list[Step]:
    """The shortest way from the product to itself; empty when there is none."""
    ways: list[list[Step]] = [[step] for step in steps[start]]
    seen: set[str] = set()
    for way in ways:
        last = way[-1][0]
        if last == start:
            return way
        if last not in seen:
            seen.add(last)
            ways += ([*way, step] for step in steps.get(last, ()))
    return []


CHECK = Check(
    code="R018",
    title="Replacements do not go in a circle",
    doc="`replace` puts one product in another's place. When A is replaced by B and B, directly "
    "or by others, by A, nobody can say what should be shown.",
    passing={
        "in/merchandising.yaml": """\
campaigns:
  - id: successor
    owner: womens
    reason: SK1 is no longer made.
    actions:
      - {replace: {product: SK1}, with: {product: SK2}}
"""
    },
    failing={
        "in/merchandising.yaml": """\
campaigns:
  - id: successor
    owner: womens
    reason: SK1 is no longer made.
    actions:
      - {replace: {product: SK1}, with: {product: SK2}}
      - {replace: {product: SK2}, with: {product: SK1}}
"""
    },
    run=run,
)
