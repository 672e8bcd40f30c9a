"""R023: an action that a stronger one always leaves nothing to do."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.checks.check import Check, Subject, finding_at
from rules.shadows import shadowed_moves


def run(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes:
        for weak, strong in shadowed_moves(scope.moves, scope.reach):
            if scope.concerns is None or scope.concerns(weak) or scope.concerns(strong):
                yield finding_at(
                    weak.action.place, CHECK.code,
                    f"this {weak.action.verb} never does anything: '{strong.campaign.id}' "
                    f"({strong.action.place}) always goes before it, for all that it means",
                    "Remove it, make it more specific, or give it the higher priority.",
                    rule=weak.campaign.id, severity="warning", view=scope.view,
                )  # fmt: skip


_CAMPAIGNS = """\
campaigns:
  - id: ethnic-up
    owner: womens
    reason: Ethnic wear leads.
    priority: {priority}
    actions:
      - {{boost: {{categories: [women.ethnic]}}, by: 0.3}}
  - id: sarees-up
    owner: womens
    reason: Sarees lead.
    priority: 50
    actions:
      - {{boost: {{concepts: [saree]}}, by: 0.5}}
"""

CHECK = Check(
    code="R023",
    title="No action stands in another's shadow",
    doc="The first verdict on a product stands. Where a stronger campaign holds for every search on "
    "every day that a weaker one does, and boosts, buries or hides all that the weaker one means, the "
    "weaker one never does anything. Told only where that is certain. A weaker pin, filter or replacement "
    "is no shadow: it works where the stronger one's product is out of stock.",
    passing={"in/merchandising.yaml": _CAMPAIGNS.format(priority=40)},
    failing={"in/merchandising.yaml": _CAMPAIGNS.format(priority=60)},
    severity="warning",
    run=run,
)
