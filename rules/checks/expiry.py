"""R012: a rule whose days are over."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.checks.check import Check, Subject, finding_at
from rules.checks.dates import dated_rules
from rules.inheritance import written


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        calendar = subject.locales.calendar(one)
        for rule in dated_rules(one):
            timing = rule.timing
            backwards = timing.first and timing.last and timing.first > timing.last
            if not backwards and timing.ends_before(subject.today, calendar):
                key = "until" if timing.festival is None else "festival"
                yield finding_at(
                    written(rule, key), CHECK.code, "the rule's last day is over",
                    "Remove the rule, or give it new days.", rule=rule.id, severity="warning",
                )  # fmt: skip


CHECK = Check(
    code="R012",
    title="A rule's days are not over",
    doc="A rule whose last day is past does nothing. It is a warning, because nothing breaks on "
    "the day after a campaign; remove the rule, or give it new days. A festival rule is over "
    "when `festivals.yaml` has no later date.",
    passing={
        "in/merchandising.yaml": """\
campaigns:
  - id: sarees
    owner: womens
    reason: Sarees lead.
    until: "2999-01-01"
    actions:
      - {boost: {concepts: [saree]}, by: 0.3}
"""
    },
    failing={
        "in/merchandising.yaml": """\
campaigns:
  - id: sarees
    owner: womens
    reason: Sarees lead.
    until: "2020-01-01"
    actions:
      - {boost: {concepts: [saree]}, by: 0.3}
"""
    },
    severity="warning",
    options={"--on DATE": "the day that counts as today (default: today)"},
    run=run,
)
