"""Two rankings in one answer: team draft, its credit and its test.

Radlinski, Kurup, Joachims, "How Does Clickthrough Data Reflect Retrieval Quality?" (CIKM 2008): the
team with fewer products picks next, a coin decides between equals, and each picks its best product
that is not on the page yet. Invariants: nothing is invented or repeated; without fixed places each
team's picks differ by one at most down to every position while both rankings last; two equal
rankings give that very ranking, and each product to either team with the same probability.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from experiments.definitions import Experiment
from experiments.intervals import Interval, Lift
from experiments.joining import Joined, Search
from experiments.lifts import interval_of
from experiments.moments import Moments

K = TypeVar("K", bound=Hashable)

CREDITS: Mapping[str, str] = {
    "click_through": "click",
    "clicks_per_search": "click",
    "cart_rate": "cart",
    "purchase_rate": "purchase",
    "conversion": "purchase",
}
"""The event that gives a team credit, by the experiment's primary metric."""


@dataclass(frozen=True, slots=True)
class Picked(Generic[K]):
    """A place on the merged page; `team` is 0 or 1, None where both rankings had fixed it."""

    item: K
    team: int | None


def team_draft(
    rankings: tuple[Sequence[K], Sequence[K]], seed: str, fixed: Mapping[int, K] | None = None
) -> tuple[Picked[K], ...]:
    """The merged ranking; the same seed draws the same coins. `fixed`: items by place, from 0."""
    coins = random.Random(seed)
    held = dict(fixed or {})
    taken = set(held.values())
    page: list[Picked[K]] = []
    picks, reached = [0, 0], [0, 0]

    def best(team: int) -> K | None:
        ranking = rankings[team]
        while reached[team] < len(ranking) and ranking[reached[team]] in taken:
            reached[team] += 1
        return ranking[reached[team]] if reached[team] < len(ranking) else None

    while True:
        if len(page) in held:
            page.append(Picked(held.pop(len(page)), None))
            continue
        offers = best(0), best(1)
        if offers[0] is None and offers[1] is None:
            break
        turn = coins.getrandbits(1) if picks[0] == picks[1] else int(picks[1] < picks[0])
        team = turn if offers[turn] is not None else 1 - turn
        item = offers[team]
        if item is not None:
            taken.add(item)
            picks[team] += 1
            page.append(Picked(item, team))
    return (*page, *(Picked(held[place], None) for place in sorted(held)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What shoppers preferred: `preference` 0.5 is no difference, 1 that the second always won."""

    wins: Mapping[str, int]
    """Searches in which each variant's products had more credit."""
    ties: int
    """Searches with credit for both alike."""
    units: int
    """With a search that gave credit."""
    credit: str
    preference: float
    low: float
    high: float
    p_value: float


def preference_of(experiment: Experiment, joined: Joined) -> Preference | None:
    """None before any search gave credit. Units are independent; searches of one unit need not be."""
    names, credit = [v.key for v in experiment.variants[:2]], CREDITS[experiment.primary_metric]
    outcomes = [
        [o for s in searches if (o := _outcome(s, names, credit)) is not None]
        for searches in joined.after.values()
    ]
    decided = [unit for unit in outcomes if unit]
    if not decided:
        return None
    found, interval = tested(experiment, decided)
    flat = [outcome for unit in decided for outcome in unit]
    return Preference(
        wins={names[0]: flat.count(0.0), names[1]: flat.count(1.0)},
        ties=flat.count(0.5),
        units=len(decided),
        credit=credit,
        preference=0.5 + float(found.estimate),
        low=max(0.0, 0.5 + float(interval.low)),
        high=min(1.0, 0.5 + float(interval.high)),
        p_value=float(interval.p_value),
    )


def tested(experiment: Experiment, outcomes: Sequence[Sequence[float]]) -> tuple[Lift, Interval]:
    """By unit, each search's outcome 0, 0.5 or 1: the share's distance from a half (delta method)."""
    sums = np.asarray([sum(unit) for unit in outcomes])
    counts = np.asarray([len(unit) for unit in outcomes], dtype=np.float64)
    found = distance(Moments.of(sums, counts))
    return found, interval_of(experiment, found)


def distance(moments: Moments) -> Lift:
    """How far the ratio lies from a half; as many experiments at once as the moments hold."""
    n = moments.n
    half = np.full_like(moments.mean, 0.5)
    return Lift(
        estimate=moments.mean - half,
        variance=np.maximum(moments.variance() / n, 1e-12),
        units=n,
        degrees=np.maximum(n - 1, 1),
        control=half,
        treatment=moments.mean,
    )


def _outcome(search: Search, names: Sequence[str], credit: str) -> float | None:
    """1 where the second variant's products had more credit, 0 the first's, 0.5 alike, None without."""
    first, second = (search.credits.get((name, credit), 0) for name in names)
    if not first and not second:
        return None
    return 0.5 if first == second else float(second > first)
