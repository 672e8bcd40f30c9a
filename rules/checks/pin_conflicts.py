"""R014: two pins to one place."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.campaigns import Verb
from rules.checks.check import Check, Scope, Subject, finding_at
from rules.overlap import Move, coinciding


def run(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes:
        places: dict[int, list[Move]] = {}
        for move in scope.moves:
            if move.action.verb is Verb.PIN:
                places.setdefault(move.action.at, []).append(move)
        for pins in places.values():
            for a, b in coinciding(pins, lambda move: move.action.product, scope.concerns):
                yield conflict(
                    CHECK.code, scope, a, b, f"place {b.action.at} is taken too by '{a.campaign.id}'",
                    "Choose another place, or make the triggers or the days apart.",
                )  # fmt: skip


def conflict(code: str, scope: Scope, a: Move, b: Move, found: str, fix: str) -> Finding:
    """At the later of the two; an error where only the line decides, else a warning that says who wins."""
    decided = a.strength != b.strength
    apart = a.action.place.file != b.action.place.file
    where = f" ({a.action.place})" if apart else f" (line {a.action.place.line})"
    return finding_at(b.action.place, code, found + where, fix, rule=b.campaign.id,
                      view=scope.view, severity="warning" if decided else "error")  # fmt: skip


_CAMPAIGNS = """\
campaigns:
  - id: first
    owner: womens
    reason: The new saree leads.
    when: {{concepts: [saree]}}
    actions:
      - {{pin: {{product: SK1}}, at: 1}}
  - id: second
    owner: womens
    reason: The old saree leads.
    when: {{concepts: [{concept}]}}
    actions:
      - {{pin: {{product: SK2}}, at: 1}}
"""

CHECK = Check(
    code="R014",
    title="Two pins do not share a place",
    doc="When two campaigns that can hold for the same search pin different products to one "
    "place, only one of them gets it: the more specific, then the higher priority, then the "
    "later line. Where only the line decides it is an error, otherwise a warning.",
    passing={"in/merchandising.yaml": _CAMPAIGNS.format(concept="kurti")},
    failing={"in/merchandising.yaml": _CAMPAIGNS.format(concept="saree")},
    run=run,
)
