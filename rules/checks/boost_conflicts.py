"""R015: a boost against a bury."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.campaigns import Verb
from rules.checks.check import Check, Subject
from rules.checks.pin_conflicts import conflict
from rules.overlap import coinciding


def run(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes:
        moving = [move for move in scope.moves if move.action.verb in (Verb.BOOST, Verb.BURY)]
        for a, b in coinciding(moving, lambda move: move.action.verb, scope.concerns):
            if scope.reach.products_overlap(a.action.selector, b.action.selector):
                yield conflict(
                    CHECK.code, scope, a, b,
                    f"this would {b.action.verb} products that '{a.campaign.id}' would {a.action.verb}",
                    "Narrow one of the two, or make the triggers or the days apart.",
                )  # fmt: skip


_CAMPAIGNS = """\
campaigns:
  - id: sarees-up
    owner: womens
    reason: Sarees lead.
    actions:
      - {{boost: {{concepts: [saree]}}, by: 0.3}}
  - id: ethnic-down
    owner: womens
    reason: Ethnic wear is sold out.
    actions:
      - {{bury: {{concepts: [{concept}]}}, by: 0.3}}
"""

CHECK = Check(
    code="R015",
    title="A boost does not meet a bury",
    doc="When two campaigns that can hold for the same search move the same products in opposite "
    "directions, only one moves them. Where only the line decides it is an error, otherwise a "
    "warning.",
    passing={"in/merchandising.yaml": _CAMPAIGNS.format(concept="kurti")},
    failing={"in/merchandising.yaml": _CAMPAIGNS.format(concept="saree")},
    run=run,
)
