"""R001: one id, one rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from documents.findings import Finding
from documents.nodes import Node, descend
from rules.checks.check import Check, Subject, finding_at


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        yield from _repeated(
            [(rule.place.file, rule.id, rule.source) for rule in (*one.rules, *one.campaigns)]
        )
        yield from _repeated(
            [(one.file("examples.yaml"), example.id, example.source) for example in one.examples]
        )


def _repeated(named: list[tuple[str, str, Node]]) -> Iterator[Finding]:
    first: dict[str, tuple[str, int]] = {}
    for file, id_, node in named:
        if id_ in first:
            place = ":".join(map(str, first[id_]))
            inherited = first[id_][0].endswith(Path(file).name) and first[id_][0] != file
            yield finding_at(
                (file, descend(node, "id")), CHECK.code,
                f"the id '{id_}' is taken; it stands first at {place}",
                "Write it under 'changes:' to change the inherited rule, or give it another id."
                if inherited else "Give one of the two another id.", rule=id_,
            )  # fmt: skip
        else:
            first[id_] = (file, node.line)


CHECK = Check(
    code="R001",
    title="An id stands for one rule",
    doc="Responses, histories and this checker name a rule by its id, so within a marketplace no "
    "two accessory rules or campaigns may share one, inherited ones included. The second one is "
    "reported. What changes an inherited rule stands under `changes:`.",
    passing={
        "in/examples.yaml": """\
examples:
  - {id: kurti-offers-a-dupatta, seen: kurti, offers: [dupatta]}
  - {id: kurti-without-necktie, seen: kurti, never: [necktie]}
"""
    },
    failing={
        "in/examples.yaml": """\
examples:
  - {id: kurti, seen: kurti, offers: [dupatta]}
  - {id: kurti, seen: kurti, never: [necktie]}
"""
    },
    run=run,
)
