"""R006: what is accepted is no looser than the yardstick."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import Node, Series, descend
from rules.checks.check import Check, Subject, finding_at, item_at, key_at
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.marketplaces:
        rows = subject.yardstick.accepts.get(one.id, {})
        if one.loaded.tree is None or not one.is_whole("categories.yaml"):
            continue
        for concept, standard in rows.items():
            if concept in subject.locales.tree.concepts:
                yield from _compare(one, concept, standard)


def _compare(one: ReadMarketplace, concept: str, standard: tuple[str, ...]) -> Iterator[Finding]:
    tree, root = one.loaded.tree, one.sources["categories.yaml"]
    accepted = tree.accepted(concept) if tree is not None else ()
    table = descend(root, "accepts")
    row = descend(root, "accepts", concept)
    file = one.file("categories.yaml")
    wanted = f"[{', '.join(standard)}]"
    for extra in accepted:
        if extra not in standard:
            yield finding_at(
                (file, item_at(table, concept, extra)), CHECK.code,
                f"'{extra}' is accepted for '{concept}', and the yardstick does not accept it",
                f"Write {wanted}.", rule=concept,
            )  # fmt: skip
    if not any(extra not in standard for extra in accepted):
        yield from _order(file, row if isinstance(row, Series) else key_at(root, "accepts"),
                          concept, accepted, standard)  # fmt: skip


def _order(
    file: str, node: Node, concept: str, accepted: tuple[str, ...], standard: tuple[str, ...]
) -> Iterator[Finding]:
    fix = f"Write '{concept}: [{', '.join(standard)}]'."
    if accepted != tuple(one for one in standard if one in accepted) or accepted[0] != standard[0]:
        yield finding_at(
            (file, node), CHECK.code,
            f"'{concept}' accepts {', '.join(accepted)} in this order, and the yardstick says "
            f"{', '.join(standard)}", fix, rule=concept,
        )  # fmt: skip
    elif len(accepted) < len(standard):
        missing = ", ".join(one for one in standard if one not in accepted)
        yield finding_at(
            (file, node), CHECK.code, f"'{concept}' does not accept {missing}", fix, rule=concept,
            severity="warning",
        )  # fmt: skip


CHECK = Check(
    code="R006",
    title="What is accepted is no looser than the yardstick",
    doc="`locales/yardstick/culture.csv` says what a shopper of each marketplace accepts for what "
    "is seen, best first. `accepts:` may leave a concept out (a warning), but may neither add "
    "one nor change the order.",
    passing={
        "yardstick/culture.csv": "concept,in\nkurti,kurti|saree\n",
        "in/categories.yaml": """\
categories:
  all: {names: {en: Everything}, concepts: [kurti, saree, dupatta, heels, jutti, necktie]}
accepts:
  kurti: [kurti, saree]
""",
    },
    failing={
        "yardstick/culture.csv": "concept,in\nkurti,kurti|saree\n",
        "in/categories.yaml": """\
categories:
  all: {names: {en: Everything}, concepts: [kurti, saree, dupatta, heels, jutti, necktie]}
accepts:
  kurti: [saree, kurti]
""",
    },
    run=run,
)
