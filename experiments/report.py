"""What an experiment found: checks first, then lifts with intervals, then a verdict in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from experiments.definitions import Experiment
from experiments.interleaving import Preference, preference_of
from experiments.intervals import FEWEST, holm, sample_ratio
from experiments.joining import Joined, measure
from experiments.lifts import POOLED, Estimate, estimated
from experiments.timeline import AgeEstimates, DayEstimates, novelty, over_time

MISMATCH = 0.001
CROSSED = 0.01
"""More units than this share with two variants make a report unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    key: str
    stop_rule: str
    counts: Mapping[str, int]
    mismatch_p: float
    twice: int
    unjoined: int
    estimates: tuple[Estimate, ...]
    over_time: tuple[DayEstimates, ...]
    novelty: tuple[AgeEstimates, ...]
    interleaving: Preference | None
    """Of an experiment that merges its two rankings; it has no estimates."""
    warnings: tuple[str, ...]
    """What a reader must know beside the verdict."""
    verdict: str
    would_change: str

    @property
    def harmed(self) -> tuple[str, ...]:
        """The guardrails that fell in some variant."""
        return tuple(dict.fromkeys(e.metric for e in harmed(self.estimates)))


def harmed(estimates: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
    """The pooled estimates that show a guardrail's fall."""
    return tuple(
        e
        for e in estimates
        if e.marketplace == POOLED and e.role == "guardrail" and e.high < 0 and e.adjusted_p < 0.05
    )


def make_report(experiment: Experiment, joined: Joined) -> Report:
    """Raises nothing: an experiment without data says so in its verdict."""
    counted = Counter(joined.variants.values())
    counts = {v.key: counted.get(v.key, 0) for v in experiment.arms}
    mismatch = sample_ratio(list(counts.values()), [v.weight for v in experiment.arms])
    metrics = (experiment.primary_metric, *experiment.guardrails)
    merged = preference_of(experiment, joined) if experiment.interleaving else None
    estimates: list[Estimate] = []
    for metric in metrics:
        estimates += estimated(experiment, measure(joined, metric))
    adjusted = _adjusted(estimates)
    verdict, change = _verdict(experiment, adjusted, merged, mismatch, len(joined.twice), counts)
    aged = novelty(experiment, joined)
    return Report(
        key=experiment.key,
        stop_rule=experiment.stop.rule,
        counts=counts,
        mismatch_p=mismatch,
        twice=len(joined.twice),
        unjoined=joined.unjoined,
        estimates=adjusted,
        over_time=over_time(experiment, joined),
        novelty=aged,
        interleaving=merged,
        warnings=(*_warnings(joined, aged), *_unjudged(experiment, adjusted)),
        verdict=verdict,
        would_change=change,
    )


def _warnings(joined: Joined, aged: tuple[AgeEstimates, ...]) -> tuple[str, ...]:
    found = []
    if joined.twice:
        found.append(
            f"{len(joined.twice)} units saw more than one variant and are left out. "
            "Find why a unit's id or the salt changed."
        )
    if joined.unjoined:
        found.append(
            f"{joined.unjoined} events belong to no known search of these marketplaces, or came "
            "outside the 7 days that count."
        )
    if len(aged) > 1:
        late = {e.variant: e for e in aged[-1].estimates}
        found += [
            f"The lift of '{early.variant}' is {early.lift:+.1%} on a unit's first day and "
            f"{late[early.variant].lift:+.1%} from day {aged[-1].from_day} on: a novelty may wear off."
            for early in aged[0].estimates
            if early.variant in late and early.low > late[early.variant].high
        ]
    return tuple(found)


def _unjudged(experiment: Experiment, estimates: tuple[Estimate, ...]) -> tuple[str, ...]:
    """A guardrail without an estimate has not held: nobody could see it fall."""
    known = {e.metric for e in estimates}
    if not known:
        return ()
    return tuple(
        f"The guardrail {metric} cannot be judged yet: a variant has fewer than {FEWEST} units or no success."
        for metric in experiment.guardrails
        if metric not in known
    )


def _adjusted(estimates: list[Estimate]) -> tuple[Estimate, ...]:
    """Holm over the pooled estimates: they decide; a marketplace's own is for looking."""
    deciding = [e for e in estimates if e.marketplace == POOLED and np.isfinite(e.p_value)]
    p_values = holm([e.p_value for e in deciding])
    known = {(e.metric, e.variant): p for e, p in zip(deciding, p_values, strict=True)}
    return tuple(
        replace(e, adjusted_p=known.get((e.metric, e.variant), e.p_value))
        if e.marketplace == POOLED
        else e
        for e in estimates
    )


def _verdict(
    experiment: Experiment,
    estimates: tuple[Estimate, ...],
    merged: Preference | None,
    mismatch: float,
    twice: int,
    counts: Mapping[str, int],
) -> tuple[str, str]:
    units = sum(counts.values())
    if units == 0:
        return "Nobody was exposed yet.", "Start it, or check its marketplaces, dates and coverage."
    if mismatch < MISMATCH:
        return (
            f"Do not read this: units did not come to the variants by their weights (p = {mismatch:.1g}).",
            "Find what loses or adds units in one variant, and start again with a new salt.",
        )
    if twice > CROSSED * (units + twice):
        return (
            f"Do not read this: {twice} units saw more than one variant.",
            "Find why a unit's id or the salt changed.",
        )
    planned = experiment.stop.units
    if experiment.stop.rule == "fixed" and planned and units < planned:
        return f"Too early: {units} of {planned} planned units.", "Read it once, when all came."
    return (
        _preferred(experiment, merged)
        if experiment.interleaving
        else _decided(experiment, estimates)
    )


def _preferred(experiment: Experiment, found: Preference | None) -> tuple[str, str]:
    if found is None or found.units < FEWEST:
        return f"Nothing to say yet: fewer than {FEWEST} units gave credit.", "More units."
    first, second = (v.key for v in experiment.variants)
    told = f"{found.preference:.1%} for '{second}' ({found.low:.1%} to {found.high:.1%})"
    if found.p_value >= 0.05:
        return f"No preference is shown: {told}.", "More units: the interval must leave 50 %."
    winner = second if found.preference > 0.5 else first
    return (
        f"Shoppers prefer '{winner}': {told}.",
        "How much it is worth: interleaving tells the direction, an A/B test the lift.",
    )


def _decided(experiment: Experiment, estimates: tuple[Estimate, ...]) -> tuple[str, str]:
    deciding = [e for e in estimates if e.marketplace == POOLED]
    fallen = harmed(estimates)
    if fallen:
        worst = min(fallen, key=lambda e: e.high)
        return (
            f"Stop: '{worst.variant}' lowers the guardrail {worst.metric} by {-worst.lift:.2%}.",
            "A variant without that loss.",
        )
    primary = [e for e in deciding if e.role == "primary"]
    if not primary:
        return (
            f"Nothing to say yet: a variant has fewer than {FEWEST} units or no success.",
            "More units.",
        )
    best = max(primary, key=lambda e: e.lift)
    if best.adjusted_p < 0.05 and best.low > 0:
        return (
            (
                f"'{best.variant}' raises {best.metric} by {best.lift:.2%} "
                f"({best.low:.2%} to {best.high:.2%})."
            ),
            "A guardrail that falls, or a novelty that wears off.",
        )
    if all(e.adjusted_p < 0.05 and e.high < 0 for e in primary):
        return f"Every variant lowers {best.metric}: keep the control.", "Another variant."
    return (
        (
            f"No difference is shown: {best.metric} of '{best.variant}' {best.lift:+.2%} "
            f"({best.low:.2%} to {best.high:.2%})."
        ),
        (
            f"More units: the interval must leave 0. At about {_narrowed(best, experiment):,} units "
            f"it would reach {experiment.minimum_effect:.2%} (the minimum effect) to each side."
        ),
    )


def _narrowed(estimate: Estimate, experiment: Experiment) -> int:
    """Units at which the interval's half would be the minimum effect, to two digits."""
    half = (estimate.high - estimate.low) / 2
    needed = estimate.units * (half / experiment.minimum_effect) ** 2
    return int(float(f"{max(needed, estimate.units):.2g}"))
