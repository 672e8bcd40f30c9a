"""From a unit to a ranking: assignments choose the configuration, before any stage runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from catalog.search import Sort
from experiments.assignment import Assignment, assign, unit_of
from experiments.checking import changed_settings
from experiments.definitions import INTERLEAVED, Experiment, Ranking
from experiments.events import Exposure
from service.pipeline import SearchResult, Shopper
from service.stages import RankingConfiguration

_ORDER = frozenset({"reranker", "diversity", "explore"})
"""Settings that change an order and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interleaved:
    """Two rankings that one answer merges."""

    salt: str
    names: tuple[str, str]
    configurations: tuple[RankingConfiguration, RankingConfiguration]
    rules: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The configuration that a unit gets, and the assignments that made it."""

    configuration: RankingConfiguration
    assignments: tuple[Assignment, ...] = ()
    rules: str | None = None
    """A rules version that a variant asks for."""
    interleaved: Interleaved | None = None
    """Set: the two rankings to merge, each with everything that the unit's other variants change."""
    changeable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What the variants of each experiment change."""


def choose_variants(
    experiments: Sequence[Experiment], unit: str, marketplace: str, query_id: str, now: datetime
) -> Chosen:
    """The shipped ranking, changed by each experiment's variant in turn."""
    day = now.astimezone(UTC).date()
    found = []
    for experiment in experiments:
        assigned = assign(
            experiment, unit_of(experiment.unit, unit, query_id, day), marketplace, day
        )
        if assigned is not None:
            found.append((experiment, assigned))
    configuration, rules, merged = RankingConfiguration(), None, None
    for experiment, assignment in found:
        if assignment.variant.key == INTERLEAVED and experiment.interleaving:
            merged = experiment
            continue
        configuration = changed(configuration, assignment.variant.ranking)
        rules = assignment.variant.ranking.rules or rules
    return Chosen(
        configuration=configuration,
        assignments=tuple(assignment for _, assignment in found),
        rules=rules,
        interleaved=_interleaved(merged, configuration, rules) if merged else None,
        changeable={e.key: changed_settings(e) for e, _ in found},
    )


def _interleaved(
    experiment: Experiment, configuration: RankingConfiguration, rules: str | None
) -> Interleaved:
    first, second = experiment.variants
    return Interleaved(
        salt=experiment.salt,
        names=(first.key, second.key),
        configurations=(
            changed(configuration, first.ranking),
            changed(configuration, second.ranking),
        ),
        rules=(first.ranking.rules or rules, second.ranking.rules or rules),
    )


def changed(configuration: RankingConfiguration, ranking: Ranking) -> RankingConfiguration:
    """The configuration with what the variant states."""
    return replace(
        configuration,
        candidates=ranking.candidates or configuration.candidates,
        reranker=ranking.reranker or configuration.reranker,
        diversity=configuration.diversity if ranking.diversity is None else ranking.diversity,
        explore=configuration.explore if ranking.explore is None else ranking.explore,
    )


def exposures(
    chosen: Chosen, query_id: str, result: SearchResult, shopper: Shopper
) -> tuple[Exposure, ...]:
    """Only where a variant could have changed the page, by a test that is alike for all variants."""
    return tuple(
        Exposure(
            experiment=assignment.experiment,
            variant=assignment.variant.key,
            unit=assignment.unit,
            marketplace=shopper.marketplace.id,
            query_id=query_id,
            at=shopper.now,
        )
        for assignment in chosen.assignments
        if not assignment.overridden
        and could_differ(chosen.changeable[assignment.experiment], result, shopper)
    )


def could_differ(settings: frozenset[str], result: SearchResult, shopper: Shopper) -> bool:
    """Whether an experiment that changes these settings could have shown another page.

    An order can only differ where relevance orders, and at least two products.
    """
    if settings <= _ORDER:
        return shopper.sort is Sort.RELEVANCE and result.total >= 2
    return True
