"""All checks over all files: what `souk rules check` and publishing do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from documents.composition import collection_paused
from documents.findings import Finding, gathered
from rules.checks import (
    acceptance,
    accessory_yardstick,
    boost_conflicts,
    category_shape,
    concept_placement,
    coverage,
    dates,
    default_language,
    duplicate_ids,
    expectations_met,
    expiry,
    festival_table,
    file_names,
    forbidden_slots,
    hidden_pins,
    homeless_slots,
    languages,
    overrides,
    pin_conflicts,
    repeated_slots,
    replacement_cycles,
    shadowed_actions,
    shadowed_slots,
    unreachable,
    unstocked_slots,
)
from rules.checks.check import Check, Stock, Subject
from rules.checks.dates import dated_rules
from rules.loading import locale_files, read_locales
from rules.yardstick import load_yardstick

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            module.CHECK
            for module in (
                acceptance, accessory_yardstick, boost_conflicts, category_shape, concept_placement,
                coverage, dates, default_language, duplicate_ids, expectations_met, expiry,
                festival_table, file_names, forbidden_slots, hidden_pins, homeless_slots, languages,
                overrides, pin_conflicts, repeated_slots, replacement_cycles, shadowed_actions,
                shadowed_slots, unreachable, unstocked_slots,
            )
        ),
        key=lambda check: check.code,
    )
)  # fmt: skip
"""Every check, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in a folder."""

    findings: tuple[Finding, ...]
    files: int
    rules: int
    """Accessory rules, campaigns and examples that were read."""


def check_folder(
    folder: Path,
    today: date,
    *,
    checks: Iterable[Check] = CHECKS,
    yardstick: Path | None = None,
    stock: Mapping[str, Stock] | None = None,
) -> Report:
    """Read every locale file of the folder and run every check; each problem once, in file order.

    With `stock`, by marketplace, slots that nothing on sale fills are found too.
    """
    with collection_paused():
        read = read_locales(folder)
        subject = Subject(
            locales=read,
            yardstick=load_yardstick(yardstick or folder / "yardstick"),
            today=today,
            stock=stock,
        )
        findings = list(read.findings)
        for check in checks:
            findings.extend(check.run(subject))
    rules = {rule.place for view in read.views for rule in dated_rules(view)}
    examples = sum(len(view.examples) for view in read.views)
    return Report(
        findings=gathered(findings),
        files=len(locale_files(folder)),
        rules=len(rules) + examples,
    )
