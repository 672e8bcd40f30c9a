"""Findings as text, as one JSON object, and as annotations of a GitHub workflow."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from documents.findings import Finding
from rules.checking import Report

FORMATS = ("text", "json", "github")


def printed(report: Report, form: str) -> str:
    """The report in one of FORMATS, ending with a newline."""
    if form == "json":
        return json.dumps(as_json(report), ensure_ascii=False) + "\n"
    lines = [annotation(f) if form == "github" else text(f) for f in report.findings]
    return "".join(f"{line}\n" for line in [*lines, summary(report)])


def text(finding: Finding) -> str:
    """`file:line:column: CODE in 'rule': found. fix`; a warning says so after the fix."""
    return f"{finding} (warning)" if finding.severity == "warning" else str(finding)


def summary(report: Report) -> str:
    """One line: what was read and what was found."""
    errors = sum(f.severity == "error" for f in report.findings)
    warnings = len(report.findings) - errors
    read = f"{report.files} files, {report.rules} rules and examples"
    if not report.findings:
        return f"{read}: no problem."
    return f"{read}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}."


def annotation(finding: Finding) -> str:
    """A workflow command; GitHub shows it beside the line of the pull request."""
    where = f"file={_escaped(finding.file)},line={finding.line},col={finding.column}"
    title, message = _escaped(finding.code), _escaped(finding.sentence, parameter=False)
    return f"::{finding.severity} {where},title={title}::{message}"


def as_json(report: Report) -> dict[str, object]:
    """The report as JSON values."""
    errors = sum(f.severity == "error" for f in report.findings)
    return {
        "errors": errors,
        "warnings": len(report.findings) - errors,
        "files": report.files,
        "rules": report.rules,
        "findings": findings_as_json(report.findings),
    }


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Each finding with its fields, and `message`, the whole line."""
    return [{**asdict(finding), "message": str(finding)} for finding in findings]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _escaped(value: str, *, parameter: bool = True) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C") if parameter else value
