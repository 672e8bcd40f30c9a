"""R013: the festival table reaches a year ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from documents.findings import Finding
from documents.nodes import descend
from rules.checks.check import Check, Subject, finding_at
from rules.checks.dates import dated_rules


def run(subject: Subject) -> Iterator[Finding]:
    horizon = subject.today + timedelta(days=subject.horizon_days)
    used: dict[str, str] = {}
    for one in subject.locales.views:
        for rule in dated_rules(one):
            if rule.timing.festival is not None:
                used.setdefault(rule.timing.festival.name, f"{one.id}/{rule.id}")
    file = str(subject.locales.folder / "festivals.yaml")
    for name, user in used.items():
        festival = subject.locales.festivals.get(name)
        if festival is None:
            continue
        last = max((span.last for span in festival.dates), default=subject.today)
        if last < horizon:
            yield finding_at(
                (file, descend(festival.source, "dates")), CHECK.code,
                f"the last date of '{name}' is {last}, and '{user}' needs it for a year ahead",
                "Add the next years' dates.", rule=name, severity="warning",
            )  # fmt: skip


CHECK = Check(
    code="R013",
    title="The festival table reaches a year ahead",
    doc="Lunar festivals have no formula here: `festivals.yaml` lists their dates. When a "
    "festival that a rule names has no date after the next twelve months, its rules would "
    "silently stop.",
    passing={
        "in/merchandising.yaml": """\
campaigns:
  - id: diwali
    owner: womens
    reason: Sarees lead before Diwali.
    festival: diwali
    actions:
      - {boost: {concepts: [saree]}, by: 0.3}
"""
    },
    failing={
        "festivals.yaml": """\
festivals:
  diwali: {names: {en: Diwali}, dates: ["2020-11-14"]}
""",
        "in/merchandising.yaml": """\
campaigns:
  - id: diwali
    owner: womens
    reason: Sarees lead before Diwali.
    festival: diwali
    actions:
      - {boost: {concepts: [saree]}, by: 0.3}
""",
    },
    severity="warning",
    options={"--on DATE": "the day that counts as today (default: today)"},
    run=run,
)
