"""`souk experiments counterfactual KEY`: what a ranking that was never shown would have earned."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from experiments.counterfactual import Counterfactual, NoSupportError, evaluate
from experiments.definitions import Experiment, Ranking
from experiments.drawn import DrawnSearch, beside, drawn_searches
from experiments.event_log import LogFailure
from experiments.interleaving import CREDITS
from rules.versions import UnknownVersionError
from service.cli import CommandError
from service.commands.catalog_workspace import print_json, progress
from service.commands.experiments_definitions import FOLDER, JSON, find_experiment
from service.commands.experiments_report import open_log
from service.policy_replay import replayed_orders
from service.services import Services
from service.settings import load_settings
from service.stages import RankingConfiguration
from service.variants import Chosen, changed
from service.wiring import build_services


@click.command()
@click.argument("key")
@click.option("--reranker", type=click.Choice(["shipped", "similarity", "linear"]), default=None)
@click.option("--diversity", type=click.FloatRange(0, 1), default=None)
@click.option("--rules", "version", default=None, help="A published version of the rules.")
@FOLDER
@JSON
def counterfactual(
    key: str,
    reranker: str | None,
    diversity: float | None,
    version: str | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Estimate a ranking that was never shown from the searches that KEY's variants explored.

    It reads searches by a product whose first places were drawn (`explore` in a variant's ranking),
    asks each again under the named ranking, and refuses where the log cannot tell.
    """
    experiment = find_experiment(key, folder)
    if experiment.primary_metric not in CREDITS:
        raise CommandError(
            f"{experiment.primary_metric} belongs to no place of a page. "
            f"An experiment with one of {', '.join(CREDITS)} can be judged."
        )
    target = Ranking(reranker=reranker, diversity=diversity, rules=version)
    services = build_services(load_settings())
    _refuse_unpublished(services, version)
    drawn = _drawn(experiment)
    with progress("searches", len(drawn)) as tick:
        chosen = Chosen(configuration=changed(RankingConfiguration(), target), rules=version)
        orders = replayed_orders(services, [d.search for d in drawn], chosen, tick)
    try:
        found = evaluate(beside(drawn, orders))
    except NoSupportError as error:
        raise CommandError(str(error)) from None
    if as_json:
        left_out = len(drawn) - len(orders)
        print_json({"key": key, "credit": CREDITS[experiment.primary_metric], "left_out": left_out,
                    **asdict(found)})  # fmt: skip
    else:
        click.echo(as_text(found, CREDITS[experiment.primary_metric]))


def as_text(found: Counterfactual, credit: str) -> str:
    overlap = found.overlap
    head = (
        f"{overlap.searches} searches of {overlap.units} units; {overlap.support:.1%} of the target's "
        f"places could have been shown, worth {overlap.effective:.0f} searches in the thinnest "
        f"(largest weight {overlap.largest_weight:.0f}, mean {overlap.mean_weight:.3f})."
    )
    shown = f"As shown: {found.logged:.4f} {credit}s a search in the first places."
    values = [f"{v.estimator}: {v.value:.4f} [{v.low:.4f}, {v.high:.4f}]" for v in found.values]
    return "\n".join([head, shown, *values])


def _drawn(experiment: Experiment) -> tuple[DrawnSearch, ...]:
    """Only searches that this experiment took part in."""
    log = open_log()
    try:
        searches = [
            s for s in log.searches(experiment.marketplaces) if experiment.key in s.variants
        ]
        return drawn_searches(
            searches, log.events(experiment.marketplaces), CREDITS[experiment.primary_metric]
        )
    except LogFailure as error:
        raise CommandError(
            f"the event log does not answer ({type(error).__name__}). "
            "Check SOUK_DATABASE_URL or SOUK_HOME."
        ) from None


def _refuse_unpublished(services: Services, version: str | None) -> None:
    try:
        if version is not None:
            services.rules.contents(version)
    except UnknownVersionError as error:
        raise CommandError(str(error)) from None
