"""`souk experiments …`: define, check, assign, start, stop, and read what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from documents.findings import errors
from experiments.assignment import assign as assign_unit
from experiments.assignment import unit_of
from experiments.checking import settings_of
from experiments.definitions import Experiment
from experiments.editing import StartRefusedError, change_state
from rules.versions import RuleStore, UnknownVersionError, store_url
from service.cli import CommandError
from service.commands.catalog_workspace import print_json
from service.commands.experiments_counterfactual import counterfactual
from service.commands.experiments_definitions import (
    FOLDER,
    JSON,
    find_experiment,
    read_experiments,
)
from service.commands.experiments_report import export, forget, report
from service.commands.experiments_simulate import power, simulate
from service.settings import load_settings


@click.group()
def experiments() -> None:
    """Define, check, assign, start and stop A/B experiments, and read their results."""


@experiments.command("list")
@FOLDER
@JSON
def list_(folder: Path | None, *, as_json: bool) -> None:
    """Every experiment with its state, marketplaces and variants."""
    found = read_experiments(folder)
    if as_json:
        print_json({"experiments": [summary(e) for e in found.by_key.values()]})
        return
    for e in sorted(found.by_key.values(), key=lambda e: e.key):
        shares = " : ".join(f"{v.key} {v.weight:g}" for v in e.variants)
        click.echo(f"{e.key}  {e.state}  {','.join(e.marketplaces)}  by {e.unit}  {shares}")
        click.echo(f"    {e.hypothesis}  [{e.primary_metric}; {e.owner}]")
    if found.findings:
        click.echo(f"{len(found.findings)} findings: souk experiments check", err=True)


def summary(experiment: Experiment) -> dict[str, object]:
    """What an answer tells of a definition."""
    return {
        "key": experiment.key,
        "state": experiment.state,
        "hypothesis": experiment.hypothesis,
        "owner": experiment.owner,
        "marketplaces": list(experiment.marketplaces),
        "unit": experiment.unit,
        "primary_metric": experiment.primary_metric,
        "guardrails": list(experiment.guardrails),
        "variants": [
            {"key": v.key, "weight": v.weight, "ranking": settings_of(v.ranking)}
            for v in experiment.variants
        ],
    }


@experiments.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--strict", is_flag=True, help="Warnings count as problems.")
@JSON
@click.pass_context
def check(ctx: click.Context, folder: Path | None, *, strict: bool, as_json: bool) -> None:
    """Print every problem of every definition with its place and its fix.

    Exit code: 0 clean (warnings may be printed), 1 problems, 2 FOLDER cannot be used.
    """
    found = read_experiments(folder)
    bad = bool(errors(found.findings)) or (strict and bool(found.findings))
    if as_json:
        print_json(
            {
                "ok": not bad,
                "experiments": len(found.by_key),
                "findings": [
                    {"file": f.file, "line": f.line, "column": f.column, "code": f.code,
                     "rule": f.rule, "found": f.found, "fix": f.fix, "severity": f.severity}
                    for f in found.findings
                ],
            }
        )  # fmt: skip
    else:
        for finding in found.findings:
            warning = "" if finding.severity == "error" else "warning: "
            click.echo(f"{warning}{finding}")
        click.echo(f"{len(found.by_key)} experiments, {len(found.findings)} findings.")
    ctx.exit(1 if bad else 0)


@experiments.command()
@click.argument("key")
@click.argument("units", nargs=-1)
@click.option("--marketplace", default=None, help="Default: the experiment's first.")
@click.option("--on", "day", default=None, help="The day, year-month-day; default: today (UTC).")
@click.option("--count", type=click.IntRange(1, 10_000_000), help="Count so many numbered units.")
@FOLDER
@JSON
def assign(
    key: str,
    units: tuple[str, ...],
    marketplace: str | None,
    day: str | None,
    count: int | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Which variant each of UNITS sees, as if the experiment were running."""
    experiment = _as_running(find_experiment(key, folder))
    market = marketplace or experiment.marketplaces[0]
    if market not in experiment.marketplaces:
        raise CommandError(
            f"{key} does not run in {market!r} but in {', '.join(experiment.marketplaces)}."
        )
    on = _day(day)
    asked = units or tuple(f"unit-{number}" for number in range(count or 0))
    if not asked:
        raise CommandError("Name units, or how many to count: --count 10000.")
    found = {u: _variant(experiment, u, market, on) for u in asked}
    counts = Counter(found.values())
    if as_json:
        named = {"units": found} if units else {}
        print_json({"key": key, "marketplace": market, "day": on.isoformat(), **named,
                    "counts": {k or "none": n for k, n in counts.items()}})  # fmt: skip
        return
    for unit in units:
        click.echo(f"{unit}  {found[unit] or '(not assigned)'}")
    if not units:
        for variant, number in counts.most_common():
            click.echo(f"{variant or '(not assigned)'}  {number}  {number / len(asked):.4f}")


def _variant(experiment: Experiment, unit: str, marketplace: str, day: date) -> str | None:
    hashed = unit_of(experiment.unit, unit, unit, day)
    found = assign_unit(experiment, hashed, marketplace, day)
    return None if found is None else found.variant.key


def _as_running(experiment: Experiment) -> Experiment:
    return replace(experiment, state="running")


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no date. Write it like 2026-11-08.") from None


@experiments.command()
@click.argument("key")
@FOLDER
def start(key: str, folder: Path | None) -> None:
    """Let KEY assign; running servers see it within a second or two."""
    _set_state(key, folder, "running")


@experiments.command()
@click.argument("key")
@FOLDER
def stop(key: str, folder: Path | None) -> None:
    """Let KEY assign nobody any more; what was logged stays for its report."""
    _set_state(key, folder, "stopped")


def _set_state(key: str, folder: Path | None, state: str) -> None:
    experiment = find_experiment(key, folder)
    if experiment.state == state:
        click.echo(f"{key} is {state} already.")
        return
    if state == "running":
        _refuse_unpublished(experiment)
    try:
        change_state(experiment, state, lambda: read_experiments(folder))
    except StartRefusedError as error:
        raise CommandError(f"nothing was started.\n{error}") from None
    click.echo(f"{key} is {state}.")


def _refuse_unpublished(experiment: Experiment) -> None:
    """A start whose rules version nobody published would show the live rules in that variant."""
    settings = load_settings()
    store = RuleStore(store_url(settings.database_url, settings.home))
    for variant in experiment.variants:
        try:
            if variant.ranking.rules is not None:
                store.contents(variant.ranking.rules)
        except UnknownVersionError as error:
            raise CommandError(
                f"nothing was started. Variant {variant.key!r} cannot be shown: {error}"
            ) from None


for _member in (report, counterfactual, export, forget, simulate, power):
    experiments.add_command(_member)
