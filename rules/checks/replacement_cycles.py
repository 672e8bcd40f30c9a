"""R018: replacements lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.campaigns import Action, Campaign, Verb
from rules.checks.check import Check, Subject, finding_at


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        steps: dict[str, tuple[str, Campaign, Action]] = {}
        for campaign in one.campaigns:
            for action in campaign.actions:
                if action.verb is Verb.REPLACE and action.other is not None:
                    steps.setdefault(action.product, (action.other, campaign, action))
        yield from _cycles(steps)


def _cycles(steps: dict[str, tuple[str, Campaign, Action]]) -> Iterator[Finding]:
    reported: set[str] = set()
    for start in steps:
        path = [start]
        while path[-1] in steps and path[-1] not in path[:-1]:
            path.append(steps[path[-1]][0])
        if path[-1] != start or start in reported:
            continue
        reported.update(path)
        _, campaign, action = steps[path[-2]]
        yield finding_at(
            action.place, CHECK.code, f"the replacements go in a circle: {' → '.join(path)}",
            "Remove one of them.", rule=campaign.id,
        )  # fmt: skip


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
