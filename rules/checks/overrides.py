"""R022: what is changed or disabled is inherited."""

from __future__ import annotations

from collections.abc import Iterator

from documents.findings import Finding
from documents.nodes import descend
from documents.suggestions import suggestion
from rules.checks.check import Check, Subject, finding_at
from rules.checks.sample import SAMPLE
from rules.inheritance import Astray


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        for astray in one.astray:
            yield finding_at(
                (astray.place.file, descend(astray.source, "id")), CHECK.code,
                f"no level above has a rule '{astray.id}'", _fix(astray), rule=astray.id,
            )  # fmt: skip


def _fix(astray: Astray) -> str:
    if astray.here:
        return "The rule stands in this file: change it there."
    return suggestion(astray.id, astray.above, "inherited rule")


_ROOT = """\
rules:
  - id: saree-everyday
    owner: womens
    reason: A saree is worn with juttis.
    seen: [saree]
    slots:
      - {id: jutti, titles: {en: Juttis}, concepts: [jutti]}
"""
_OWN = SAMPLE["in/accessories.yaml"] + "disabled:\n"

CHECK = Check(
    code="R022",
    title="What is changed or disabled is inherited",
    doc="`changes:` and `disabled:` name rules of the levels above: the root, the language and, for "
    "a region, its marketplace. An id that none of them has changes nothing, so it is reported with "
    "the nearest one that exists.",
    passing={
        "accessories.yaml": _ROOT,
        "in/accessories.yaml": _OWN + "  - {id: saree-everyday, reason: Sandals are worn here.}\n",
    },
    failing={
        "accessories.yaml": _ROOT,
        "in/accessories.yaml": _OWN + "  - {id: saree-everday, reason: Sandals are worn here.}\n",
    },
    run=run,
)
