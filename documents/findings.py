"""Findings: what is wrong with a file, where, and what to do; frozen, so that tests compare them.

Printed as `file:line:column: CODE in 'rule-id': what was found. What to do.`
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One problem. Lines and columns count from 1; `rule` is empty outside any rule."""

    file: str
    line: int
    column: int
    code: str
    rule: str = ""
    found: str
    """What was found, without a full stop."""
    fix: str
    """What to do, a sentence with its full stop."""
    severity: Severity = "error"
    arises_in: tuple[str, ...] = ()
    """Of a file that several places inherit: those in which this shows. Empty: wherever it is read."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """The same without its place."""
        rule = f" in '{self.rule}'" if self.rule else ""
        where = f" (in {', '.join(self.arises_in)})" if self.arises_in else ""
        return f"{self.code}{rule}: {self.found}{where}. {self.fix}"


class DocumentError(Exception):
    """A file that cannot be used at all; carries every finding that says why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each problem once, in file order, with all the places in which it arises."""
    places: dict[Finding, set[str]] = {}
    for finding in findings:
        alone = replace(finding, arises_in=()) if finding.arises_in else finding
        places.setdefault(alone, set()).update(finding.arises_in)
    return tuple(sorted(replace(one, arises_in=tuple(sorted(named))) if named else one
                        for one, named in places.items()))  # fmt: skip


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that make a file unusable, in file order."""
    return tuple(sorted(f for f in findings if f.severity == "error"))
