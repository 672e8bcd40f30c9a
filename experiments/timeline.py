"""Lifts over time: the intervals as they stood day by day, and whether a novelty wears off.

A search counts on its own day with all that followed it, so that a day's figures are final after
the attribution window. Days are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from experiments.definitions import Experiment
from experiments.intervals import Interval, Lift, fixed_interval
from experiments.joining import Joined, Search, measure
from experiments.lifts import POOLED, Estimate, estimated, interval_of

MOST = 30
"""Days of a timeline; a longer experiment is shown at as many, evenly spaced, the last always."""
AGES = ((0, 1), (1, 2), (2, 4), (4, 8), (8, 15), (15, 29), (29, 10_000))
"""Days since a unit's first exposure, half open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEstimates:
    """The pooled intervals as they stood at the end of a day."""

    day: str
    units: int
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeEstimates:
    """The pooled lifts among searches so many days after the unit's first exposure.

    Their intervals are to be looked at, not to decide by: they are right when read once.
    """

    from_day: int
    until_day: int | None
    """Exclusive; None: no end."""
    units: int
    estimates: tuple[Estimate, ...]


def over_time(experiment: Experiment, joined: Joined) -> tuple[DayEstimates, ...]:
    """At most `MOST` days with what was known at the end of each."""
    days = sorted({_day(s.at) for searches in joined.after.values() for s in searches})
    found = []
    for day in _spaced(days):
        known = _until(joined, day)
        found.append(
            DayEstimates(
                day=day.isoformat(),
                units=len(known.variants),
                estimates=tuple(
                    estimate
                    for metric in (experiment.primary_metric, *experiment.guardrails)
                    for estimate in _pooled(experiment, metric, known, interval_of)
                ),
            )
        )
    return tuple(found)


def novelty(experiment: Experiment, joined: Joined) -> tuple[AgeEstimates, ...]:
    """A lift that is large on a unit's first days and small later is a novelty, not a gain.

    Ages at which nothing can be estimated are left out.
    """
    found = []
    for low, high in AGES:
        aged = _aged(joined, low, high)
        estimates = _pooled(
            experiment, experiment.primary_metric, aged, lambda _, part: fixed_interval(part)
        )
        if estimates:
            found.append(
                AgeEstimates(
                    from_day=low,
                    until_day=None if high == AGES[-1][1] else high,
                    units=len(aged.variants),
                    estimates=estimates,
                )
            )
    return tuple(found)


def _pooled(
    experiment: Experiment,
    metric: str,
    joined: Joined,
    interval: Callable[[Experiment, Lift], Interval],
) -> tuple[Estimate, ...]:
    found = estimated(experiment, measure(joined, metric), interval)
    return tuple(e for e in found if e.marketplace == POOLED)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _spaced(days: Sequence[date]) -> list[date]:
    if len(days) <= MOST:
        return list(days)
    step = (len(days) - 1) / (MOST - 1)
    return [days[round(step * number)] for number in range(MOST)]


def _until(joined: Joined, day: date) -> Joined:
    """Only the units that had come, and the searches that were made, by the end of the day."""
    exposed = {key for key, at in joined.first.items() if _day(at) <= day}
    return _kept(joined, exposed.__contains__, lambda _, search: _day(search.at) <= day)


def _aged(joined: Joined, low: int, high: int) -> Joined:
    """Only searches of that age, and the units that made one."""

    def of_age(key: tuple[str, str], search: Search) -> bool:
        age = search.at - joined.first[key]
        return timedelta(days=low) <= age < timedelta(days=high)

    there = {key for key, found in joined.after.items() if any(of_age(key, s) for s in found)}
    return _kept(joined, there.__contains__, of_age)


def _kept(
    joined: Joined,
    unit: Callable[[tuple[str, str]], bool],
    search: Callable[[tuple[str, str], Search], bool],
) -> Joined:
    return replace(
        joined,
        variants={key: variant for key, variant in joined.variants.items() if unit(key)},
        after={
            key: [s for s in found if search(key, s)]
            for key, found in joined.after.items()
            if unit(key)
        },
    )
