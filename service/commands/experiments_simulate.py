"""`souk experiments simulate | power`: what the reports are worth, and how long an experiment takes."""

from __future__ import annotations

from dataclasses import asdict

import click
import numpy as np

from experiments.planning import HORIZON, plan
from experiments.simulation import (
    CONVERSIONS,
    HETEROGENEITY,
    World,
    mismatch_found,
    peek,
    read_once,
)
from service.bench_timing import machine
from service.commands.catalog_workspace import print_json, progress

CHECKS = ("aa", "coverage", "peeking", "power", "mismatch")


@click.command()
@click.option("--check", "checks", type=click.Choice(CHECKS), multiple=True, default=CHECKS)
@click.option("--runs", default=10_000, show_default=True, type=click.IntRange(10))
@click.option("--peeking-runs", default=1000, show_default=True, type=click.IntRange(10))
@click.option("--units", default=40_000, show_default=True, type=click.IntRange(1000))
@click.option("--conversion", "conversions", multiple=True, type=float, default=CONVERSIONS)
@click.option("--lift", "lifts", multiple=True, type=float, default=(0.03,), show_default=True)
@click.option("--seed", default=8, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def simulate(
    checks: tuple[str, ...],
    runs: int,
    peeking_runs: int,
    units: int,
    conversions: tuple[float, ...],
    lifts: tuple[float, ...],
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Measure false positives, power and coverage in a seeded world of shoppers (a simulation)."""
    worlds = [World(conversion=c, heterogeneity=h) for c in conversions for h in HETEROGENEITY]
    rows: list[dict[str, object]] = []
    with progress("worlds", len(worlds) * len(checks)) as tick:
        for number, world in enumerate(worlds):
            for place, check in enumerate(checks):
                rng = np.random.default_rng([seed, number, place])
                rows += _rows(check, world, rng, runs, peeking_runs, units, lifts)
                tick(1)
    document = {"machine": machine(), "seed": seed, "rows": rows}
    if as_json:
        print_json(document)
        return
    for row in rows:
        click.echo("  ".join(f"{k}={v}" for k, v in row.items()))


def _rows(
    check: str,
    world: World,
    rng: np.random.Generator,
    runs: int,
    peeking_runs: int,
    units: int,
    lifts: tuple[float, ...],
) -> list[dict[str, object]]:
    named = {"check": check, "conversion": world.conversion, "heterogeneity": world.heterogeneity}
    if check == "aa":
        found, _ = read_once(world, rng, runs, units)
        return [{**named, "runs": runs, "units": units, "false_positives": round(found, 5)}]
    if check == "coverage":
        return [
            {**named, "runs": runs, "units": units, "lift": lifted,
             "coverage": round(read_once(world, rng, runs, units, lifted)[1], 5)}
            for lifted in lifts
        ]  # fmt: skip
    if check == "peeking":
        done = peek(world, rng, peeking_runs, units, planned=units)
        return [{**named, "runs": peeking_runs, "units": units,
                 "false_positives": round(float(done.decided.mean()), 5)}]  # fmt: skip
    if check == "mismatch":
        return [
            {**named, "runs": runs, "units": 100_000, "share": share,
             "found": round(mismatch_found(rng, runs, 100_000, share), 5)}
            for share in (0.49, 0.5)
        ]  # fmt: skip
    return [_power(named, world, rng, peeking_runs, lifted) for lifted in lifts]


def _power(
    named: dict[str, object], world: World, rng: np.random.Generator, runs: int, lifted: float
) -> dict[str, object]:
    once = world.needed(lifted)
    done = peek(world, rng, runs, int(once * HORIZON), planned=once, lifted=lifted)
    return {
        **named, "runs": runs, "lift": lifted, "fixed_units": once, "at_most": int(once * HORIZON),
        "power": round(float(done.decided.mean()), 4),
        "mean_units_over_fixed": round(float(done.units.mean()) / once, 3),
    }  # fmt: skip


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
