"""`souk bench assignment`: assigning a unit beside the growthbook package, in interleaved rounds."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click
import numpy as np

from documents.nodes import UNWRITTEN
from experiments.assignment import assign, bucket
from experiments.definitions import Experiment, LayerShare, Ranking, Variant
from experiments.hashing import layer_place, place
from service.bench_timing import load, machine
from service.cli import CommandError
from service.commands.catalog_workspace import progress

WEIGHTS = (0.5, 0.3, 0.2)
COVERAGE = 0.8
DAY = date(2026, 6, 15)


@click.command()
@click.option("--units", default=20_000, show_default=True, type=click.IntRange(1000))
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1))
@click.option("--verify", default=1_000_000, show_default=True, type=click.IntRange(0))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def assignment(units: int, rounds: int, verify: int, *, as_json: bool) -> None:
    """Time per assignment, and the number of --verify ids on which growthbook disagrees."""
    try:
        from growthbook import core  # noqa: PLC0415  a peer, installed with the extra `dev`
    except ImportError:
        raise CommandError(
            "the peer growthbook is missing. Install it: pip install growthbook."
        ) from None
    different = disagreements(core, verify)
    measured = _rounds(core, units, rounds)
    souk = percentiles(measured.pop("souk"))
    peers = {name: percentiles(times) for name, times in measured.items()}
    document = {
        "machine": machine(),
        "load": load(),
        "rounds": rounds,
        "units": units,
        "souk": souk,
        "souk_us": round(souk["p50_ms"] * 1000, 2),
        "peers": peers,
        "ratio_to_best_peer": round(
            souk["p50_ms"] / min(p["p50_ms"] for p in peers.values() if p["p50_ms"] > 0), 3
        ),
        "verified": verify,
        "different": different,
    }
    if as_json:
        click.echo(json.dumps(document))
    else:
        click.echo(f"souk {souk['p50_ms'] * 1000:.2f} us an assignment")
        for name, times in peers.items():
            click.echo(f"{name} {times['p50_ms'] * 1000:.2f} us")
        click.echo(f"{different} of {verify} ids differ from growthbook")
    if different:
        raise CommandError(f"{different} of {verify} ids are assigned otherwise by growthbook.")


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50_ms, p95_ms and p99_ms, to the nanosecond: an assignment takes a few microseconds."""
    return {f"p{p}_ms": round(float(np.percentile(milliseconds, p)), 6) for p in (50, 95, 99)}


def experiment(*, layer: bool) -> Experiment:
    """Three variants at 80 % coverage; with a layer its middle half."""
    share = LayerShare(name="bench-layer", start=0.25, end=0.75, source=UNWRITTEN)
    return Experiment(
        key="bench",
        hypothesis="None.",
        owner="bench",
        state="running",
        marketplaces=("in",),
        unit="shopper",
        salt="bench-salt",
        layer=share if layer else None,
        coverage=COVERAGE,
        variants=tuple(
            Variant(key=f"v{n}", weight=w, ranking=Ranking(), source=UNWRITTEN)
            for n, w in enumerate(WEIGHTS)
        ),
        primary_metric="click_through",
        source=UNWRITTEN,
    )


def disagreements(core: Any, count: int) -> int:
    """Ids of `count` on which place, layer place or variant differ from growthbook's own functions."""
    ours = experiment(layer=True)
    ranges = core.getBucketRanges(len(WEIGHTS), COVERAGE, list(WEIGHTS))
    different = 0
    with progress("ids", count) as advance:
        for start in range(0, count, 10_000):
            for number in range(start, min(start + 10_000, count)):
                unit = f"{number:x}-shopper"
                theirs = core.gbhash(ours.salt, unit, 2)
                chosen = core.chooseVariation(theirs, ranges)
                inside = core.inNamespace(unit, ("bench-layer", 0.25, 0.75))
                found = bucket(ours, place(ours.salt, unit), COVERAGE)
                same = (
                    theirs == place(ours.salt, unit)
                    and (ours.variants[chosen] if chosen >= 0 else None) is found
                    and inside == (0.25 <= layer_place("bench-layer", unit) < 0.75)
                )
                different += not same
            advance(min(10_000, count - start))
    return different


def _rounds(core: Any, units: int, rounds: int) -> dict[str, list[float]]:
    from growthbook import Experiment as TheirExperiment  # noqa: PLC0415
    from growthbook import GrowthBook  # noqa: PLC0415

    ours, layered = experiment(layer=False), experiment(layer=True)
    ids = [f"{n:x}-0123456789abcdef0123"[:24] for n in range(units)]
    ranges = core.getBucketRanges(len(WEIGHTS), COVERAGE, list(WEIGHTS))
    theirs = TheirExperiment(
        key="bench", variations=[0, 1, 2], weights=list(WEIGHTS), coverage=COVERAGE,
        hashVersion=2, seed=ours.salt,
    )  # fmt: skip
    book = GrowthBook(attributes={"id": ids[0]})

    def run_book(unit: str) -> None:
        book.set_attributes({"id": unit})
        book.run(theirs)

    contestants: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "souk": (lambda unit: assign(ours, unit, "in", DAY), ids),
        "souk-in-a-layer": (lambda unit: assign(layered, unit, "in", DAY), ids),
        "growthbook-functions": (
            lambda unit: core.chooseVariation(core.gbhash(ours.salt, unit, 2), ranges),
            ids,
        ),
        "growthbook-run": (run_book, ids[:2000]),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, (call, asked) in contestants.items():
            gc.collect()
            begun = time.process_time()
            for unit in asked:
                call(unit)
            times[name].append((time.process_time() - begun) * 1000 / len(asked))
    return times
