"""R016: a product is pinned and hidden at once."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from rules.campaigns import Verb
from rules.checks.check import Check, Subject
from rules.checks.pin_conflicts import conflict
from rules.overlap import Move, coinciding


def run(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes:
        about: dict[str, list[Move]] = {}
        for move in scope.moves:
            if move.action.verb in (Verb.PIN, Verb.HIDE):
                for product in move.action.selector.products:
                    about.setdefault(product, []).append(move)
        for product, found in about.items():
            for a, b in coinciding(found, lambda move: move.action.verb, scope.concerns):
                if _names_only(a, b):
                    yield conflict(
                        CHECK.code, scope, a, b, f"'{a.campaign.id}' would {a.action.verb} {product} too",
                        "Remove one of the two, or make the triggers or the days apart.",
                    )  # fmt: skip


def _names_only(a: Move, b: Move) -> bool:
    """Whether the hide means the product for certain: it states nothing but products."""
    hide = a if a.action.verb is Verb.HIDE else b
    selector = hide.action.selector
    return not (
        selector.categories or selector.concepts or selector.colours or selector.genders or selector.brands
        or selector.min_price or selector.max_price or selector.min_rating
        or selector.prime is not None or selector.available is not None
    )  # fmt: skip


_CAMPAIGNS = """\
campaigns:
  - id: lead
    owner: womens
    reason: The new saree leads.
    actions:
      - {{pin: {{product: SK1}}, at: 1}}
  - id: recall
    owner: womens
    reason: Recalled by its maker.
    actions:
      - {{hide: {{products: [{product}]}}}}
"""

CHECK = Check(
    code="R016",
    title="A pinned product is not hidden",
    doc="When one campaign pins a product and another, for the same search, hides it, only one of "
    "them is obeyed. Where only the line decides it is an error, otherwise a warning.",
    passing={"in/merchandising.yaml": _CAMPAIGNS.format(product="SK2")},
    failing={"in/merchandising.yaml": _CAMPAIGNS.format(product="SK1")},
    run=run,
)
