"""R011: a rule's days follow one another; R012: they are not over."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import descend
from rules.accessories import AccessoryRule
from rules.campaigns import Campaign
from rules.checks.check import Check, Subject, finding_at
from rules.inheritance import written
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        for rule in dated_rules(one):
            timing = rule.timing
            if timing.first is not None and timing.last is not None and timing.first > timing.last:
                yield finding_at(
                    written(rule, "until"), CHECK.code,
                    f"the rule ends on {timing.last}, before it begins on {timing.first}",
                    "Swap the two days, or correct the year.", rule=rule.id,
                )  # fmt: skip
    for name, festival in subject.locales.festivals.items():
        for number, span in enumerate(festival.dates):
            if span.first > span.last:
                yield finding_at(
                    (str(subject.locales.folder / "festivals.yaml"),
                     descend(festival.source, "dates", number)), CHECK.code,
                    f"'{name}' ends on {span.last}, before it begins on {span.first}",
                    "Swap the two days, or correct the year.", rule=name,
                )  # fmt: skip


def dated_rules(one: ReadMarketplace) -> Iterator[AccessoryRule | Campaign]:
    """Every accessory rule and campaign that a region does not share with its marketplace."""
    yield from one.new_rules
    yield from one.new_campaigns


_CAMPAIGN = """\
campaigns:
  - id: diwali-sarees
    owner: womens
    reason: Sarees lead before Diwali.
    from: "{first}"
    until: "{last}"
    actions:
      - {{boost: {{concepts: [saree]}}, by: 0.3}}
"""

CHECK = Check(
    code="R011",
    title="A rule begins before it ends",
    doc="`from` and `until` are days in the marketplace's time zone, both inside. A rule that "
    "ends before it begins never holds.",
    passing={"in/merchandising.yaml": _CAMPAIGN.format(first="2026-10-20", last="2027-11-09")},
    failing={"in/merchandising.yaml": _CAMPAIGN.format(first="2027-11-09", last="2027-10-20")},
    run=run,
)
