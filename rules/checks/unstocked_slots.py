"""R025: a slot that nothing on sale fills."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from documents.findings import Finding
from documents.nodes import descend
from rules.accessories import AccessoryRule, SlotRule, gender_fits
from rules.checks.check import Check, Stock, Subject, finding_at
from rules.inheritance import written


def run(subject: Subject) -> Iterator[Finding]:
    concepts = subject.locales.tree
    for one in subject.locales.views:
        stock = (subject.stock or {}).get(one.id)
        tree = one.loaded.tree
        if stock is None or tree is None:
            continue
        for rule in one.new_rules:
            for slot in rule.slots:
                if _has_leaf(slot, tree, concepts) and not _sold(rule, slot, stock, tree, concepts):
                    yield finding_at(
                        (written(rule, "slots")[0], descend(slot.source, "concepts")), CHECK.code,
                        f"nothing on sale fills the slot '{slot.id}'",
                        "Add a concept that is stocked, stock one of these, or remove the slot.",
                        rule=rule.id, severity="warning", view=one,
                    )  # fmt: skip


def _has_leaf(slot: SlotRule, tree: CategoryTree, concepts: ConceptTree) -> bool:
    """Whether a leaf takes any of it; else another check tells."""
    return any(tree.leaves_of(c) for named in slot.concepts for c in concepts.below(named))


def _sold(
    rule: AccessoryRule, slot: SlotRule, stock: Stock, tree: CategoryTree, concepts: ConceptTree
) -> bool:
    """Whether a search of the slot, whoever asks, can find a product that is available."""
    never = {c for named in rule.never for c in concepts.below(named)}
    wanted = {c for named in slot.concepts for c in concepts.below(named)} - never
    shown = slot.gender or rule.gender
    for concept, gender in stock:
        leaf = tree.leaf_of(concept, gender) if concept in wanted else None
        if leaf is not None and (
            shown in (None, "unisex")
            or (gender in (shown, "unisex") and gender_fits(tree.categories[leaf].gender, shown))
        ):
            return True
    return False


_RULES = """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta and juttis.
    seen: [kurti]
    slots:
      - {{id: dupatta, titles: {{en: Dupattas}}, concepts: [dupatta]}}
      - {{id: shoes, titles: {{en: Shoes}}, concepts: [{shoes}]}}
"""

CHECK = Check(
    code="R025",
    title="Something on sale fills every slot",
    doc="A slot whose concepts no product of this marketplace has, or none that is available and for "
    "the right gender, stays empty on the page. The check needs a catalogue: `souk rules check "
    "--workspace DIR` counts one, and the studio counts the one that it serves.",
    passing={"in/accessories.yaml": _RULES.format(shoes="heels, jutti")},
    failing={"in/accessories.yaml": _RULES.format(shoes="jutti")},
    severity="warning",
    stock={("dupatta", "women"): 2, ("heels", "women"): 1},
    options={"--workspace DIR": "the workspace whose catalogue is counted (default: none)"},
    run=run,
)
