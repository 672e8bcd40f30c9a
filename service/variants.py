"""From a unit to a ranking: assignments choose the configuration, before any stage runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.assignment import Assignment, assignments
from experiments.definitions import Experiment, Ranking
from experiments.events import Exposure
from service.pipeline import SearchResult, Shopper
from service.stages import RankingConfiguration


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The configuration that a unit gets, and the assignments that made it."""

    configuration: RankingConfiguration
    assignments: tuple[Assignment, ...] = ()
    rules: str | None = None
    """A rules version that a variant asks for."""


def choose_variants(
    experiments: Sequence[Experiment], unit: str, marketplace: str, query_id: str
) -> Chosen:
    """The shipped ranking, changed by each experiment's variant in turn."""
    found = tuple(
        assignment
        for experiment in experiments
        for assignment in assignments(
            (experiment,), query_id if experiment.unit == "query" else unit, marketplace
        )
    )
    configuration, rules = RankingConfiguration(), None
    for assignment in found:
        configuration = changed(configuration, assignment.variant.ranking)
        rules = assignment.variant.ranking.rules or rules
    return Chosen(configuration=configuration, assignments=found, rules=rules)


def changed(configuration: RankingConfiguration, ranking: Ranking) -> RankingConfiguration:
    """The configuration with what the variant states."""
    return replace(
        configuration,
        candidates=ranking.candidates or configuration.candidates,
        reranker=ranking.reranker or configuration.reranker,
        diversity=configuration.diversity if ranking.diversity is None else ranking.diversity,
    )


def exposures(
    chosen: Chosen, unit: str, query_id: str, result: SearchResult, shopper: Shopper
) -> tuple[Exposure, ...]:
    """Only what a variant could have changed: a page with at least two products to order."""
    if len(result.items) < 2:
        return ()
    return tuple(
        Exposure(
            experiment=assignment.experiment,
            variant=assignment.variant.key,
            unit=unit,
            marketplace=shopper.marketplace.id,
            query_id=query_id,
            at=shopper.now,
        )
        for assignment in chosen.assignments
        if not assignment.overridden
    )
