"""R025: a slot that nothing on sale fills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from documents.findings import Finding
from documents.nodes import descend
from rules.accessories import AccessoryRule, SlotRule, gender_fits
from rules.checks.check import Check, Stock, Subject, finding_at
from rules.inheritance import written
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    concepts = subject.locales.tree
    for one in subject.locales.views:
        stock = (subject.stock or {}).get(one.id)
        tree = one.loaded.tree
        if stock is None or tree is None:
            continue
        empty: dict[str, list[tuple[AccessoryRule, SlotRule]]] = {}
        for rule in one.new_rules:
            for slot in rule.slots:
                if _has_leaf(slot, tree, concepts) and not _sold(rule, slot, stock, tree, concepts):
                    empty.setdefault(written(rule, "slots")[0], []).append((rule, slot))
        for file, slots in empty.items():
            yield _finding(file, slots, one)


def _finding(
    file: str, slots: Sequence[tuple[AccessoryRule, SlotRule]], one: ReadMarketplace
) -> Finding:
    """One line a file, at its first such slot: a shop that lacks two hundred would hide all else."""
    rule, first = slots[0]
    lines: dict[str, list[int]] = {}
    for _, slot in slots:
        lines.setdefault(slot.id, []).append(descend(slot.source, "concepts").line)
    named = "; ".join(f"'{id_}' (line {_listed(found)})" for id_, found in lines.items())
    counted = "one slot" if len(slots) == 1 else f"{len(slots)} slots"
    return finding_at(
        (file, descend(first.source, "concepts")), CHECK.code,
        f"nothing on sale fills {counted}: {named}",
        "Add a concept that is stocked to each, stock one of theirs, or leave them for when it is.",
        rule=rule.id, severity="warning", view=one,
    )  # fmt: skip


def _listed(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines))


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
    "the right gender, stays empty on the page. They are told together, in one "
    "line a file, each with its lines. The check needs a catalogue: `souk rules check "
    "--workspace DIR` counts one, and the studio counts the one that it serves.",
    passing={"in/accessories.yaml": _RULES.format(shoes="heels, jutti")},
    failing={"in/accessories.yaml": _RULES.format(shoes="jutti")},
    severity="warning",
    stock={("dupatta", "women"): 2, ("heels", "women"): 1},
    options={"--workspace DIR": "the workspace whose catalogue is counted (default: none)"},
    run=run,
)
