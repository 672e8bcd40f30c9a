"""`souk experiments simulate | power`: what the reports are worth, and how long an experiment takes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from experiments.planning import plan
from experiments.simulation import CONVERSIONS
from experiments.validity import CHECKS, Row, Wanted, cases
from service.bench_timing import machine
from service.cli import CommandError
from service.commands.catalog_workspace import print_json, progress


@click.command()
@click.option(
    "--check", "checks", type=click.Choice(list(CHECKS)), multiple=True, default=list(CHECKS)
)
@click.option("--runs", default=10_000, show_default=True, type=click.IntRange(10))
@click.option(
    "--peeking-runs",
    default=2000,
    show_default=True,
    type=click.IntRange(10),
    help="Of peeking, power, ramp and counterfactual, which take longer.",
)
@click.option("--units", default=40_000, show_default=True, type=click.IntRange(1000))
@click.option("--conversion", "conversions", multiple=True, type=float, default=CONVERSIONS)
@click.option("--lift", "lifts", multiple=True, type=float, default=(0.03,), show_default=True)
@click.option("--seed", default=8, show_default=True)
@click.option(
    "--into",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Keep each row here as soon as it is known (JSON lines), and do not measure it again.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def simulate(
    checks: tuple[str, ...],
    runs: int,
    peeking_runs: int,
    units: int,
    conversions: tuple[float, ...],
    lifts: tuple[float, ...],
    seed: int,
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Measure false positives, power and coverage in seeded worlds of shoppers (simulations)."""
    wanted = Wanted(
        runs=runs, peeking_runs=peeking_runs, units=units,
        conversions=conversions, lifts=lifts, seed=seed,
    )  # fmt: skip
    rows = _measured(checks, wanted, file)
    if as_json:
        print_json({"machine": machine(), "seed": seed, "rows": rows})
        return
    for row in rows:
        click.echo("  ".join(f"{k}={v}" for k, v in row.items()))


def _measured(checks: tuple[str, ...], wanted: Wanted, file: Path | None) -> list[Row]:
    known = _kept(file)
    asked = list(cases(checks, wanted))
    rows = []
    with progress("rows", len(asked)) as tick:
        for case in asked:
            row = next((k for k in known if case.named.items() <= k.items()), None)
            if row is None:
                row = case.row()
                if file is not None:
                    with file.open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps(row) + "\n")
            rows.append(row)
            tick(1)
    return rows


def _kept(file: Path | None) -> list[Row]:
    if file is None or not file.exists():
        return []
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except ValueError:
        raise CommandError(f"{file} is no file of rows. Name another one, or remove it.") from None


@click.command()
@click.option("--rate", required=True, type=click.FloatRange(0, 1, min_open=True, max_open=True))
@click.option("--effect", default=0.02, show_default=True, type=click.FloatRange(0.0001, 1))
@click.option("--variants", default=2, show_default=True, type=click.IntRange(2, 20))
@click.option("--units-a-day", default=0, type=click.IntRange(0), help="Prints days as well.")
@click.option("--power", "wanted", default=0.8, show_default=True, type=click.FloatRange(0.5, 0.99))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def power(
    rate: float, effect: float, variants: int, units_a_day: int, wanted: float, *, as_json: bool
) -> None:
    """Units that an experiment on a rate needs: read once, and at most when read at any time."""
    found = plan(rate, effect, variants=variants, units_a_day=units_a_day, power=wanted)
    if as_json:
        print_json({"rate": rate, "effect": effect, "variants": variants, **asdict(found)})
        return
    click.echo(f"{found.units} units of all variants, read once; at most "
               f"{found.sequential_at_most} when it may be read at any time.")  # fmt: skip
    if found.days is not None:
        click.echo(f"{found.days} days at {units_a_day} units a day.")
