"""R024: a slot that adds nothing to what other rules offer already."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import descend
from rules.checks.check import Check, Subject, finding_at
from rules.inheritance import written
from rules.shadows import shadowed_slots


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        if one.loaded.tree is None:
            continue
        for rule, slot, others in shadowed_slots(subject.locales.accessories(one), one.new_rules):
            named = ", ".join(f"'{id_}'" for id_ in others)
            yield finding_at(
                (written(rule, "slots")[0], descend(slot.source, "id")), CHECK.code,
                f"the slot '{slot.id}' never adds anything: {named} always offers all of it first",
                "Remove the slot, or give the rule a season, days, an occasion or a higher priority.",
                rule=rule.id, severity="warning", view=one,
            )  # fmt: skip


_RULES = """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta.
    seen: [kurti]
    slots:
      - {{id: dupatta, titles: {{en: Dupattas}}, concepts: [dupatta]}}
  - id: everything
    owner: womens
    reason: Everything is worn with a dupatta.
    seen: [{seen}]
    slots:
      - {{id: wraps, titles: {{en: Wraps}}, concepts: [dupatta]}}
"""

CHECK = Check(
    code="R024",
    title="Every slot adds something",
    doc="Nothing is offered in two rows: a slot shows only what the rules before it have not offered. "
    "Where rules that always hold and always go first offer all that a slot names, for all that its rule "
    "is about, the slot is never seen.",
    passing={"in/accessories.yaml": _RULES.format(seen="fashion")},
    failing={"in/accessories.yaml": _RULES.format(seen="kurti")},
    severity="warning",
    run=run,
)
