"""R011: a rule's days follow one another; R012: they are not over."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Table, descend
from rules.calendar import Timing
from rules.checks.check import Check, Subject, finding_at
from rules.loading import ReadMarketplace

_Dated = tuple[str, str, Table, Timing]


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.marketplaces:
        for file, rule, source, timing in dated_rules(one):
            if timing.first is not None and timing.last is not None and timing.first > timing.last:
                yield finding_at(
                    (file, descend(source, "until")), CHECK.code,
                    f"the rule ends on {timing.last}, before it begins on {timing.first}",
                    "Swap the two days, or correct the year.", rule=rule,
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


def dated_rules(one: ReadMarketplace) -> Iterator[_Dated]:
    """File, id, source and timing of every accessory rule and campaign."""
    for rule in one.rules:
        yield rule.place.file, rule.id, rule.source, rule.timing
    for campaign in one.campaigns:
        yield campaign.place.file, campaign.id, campaign.source, campaign.timing


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
