"""From logged searches and events to a verdict: late, repeated and foreign events change nothing."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from experiments.definitions import StopRule
from experiments.events import Event, Exposure, SearchShown
from experiments.joining import join, measure
from experiments.lifts import POOLED
from experiments.report import make_report
from tests.experiments.logs import event, exposed, shown
from tests.experiments.made import experiment


def test_an_event_before_its_search_and_a_second_page_count_once() -> None:
    pages = [shown("q1", first=25, minutes=2), shown("q1"), shown("q2", minutes=9)]
    joined = join(
        experiment(),
        [exposed("q1")],
        pages,
        [event("e1", "q1", minutes=1), event("e2", "q2", minutes=8)],
    )
    (moments,) = measure(joined, "click_through").moments.values()
    assert (float(moments.sums[0]), float(moments.sums[1])) == (2.0, 2.0)


@pytest.mark.parametrize(
    "stray",
    [
        event("e", "unknown"),
        event("e", "q1", marketplace="us"),
        event("e", "q1", minutes=8 * 24 * 60),
        event("e", "q1", minutes=-30),
    ],
)
def test_what_belongs_to_no_search_is_counted_aside(stray: Event) -> None:
    joined = join(experiment(), [exposed("q1")], [shown("q1")], [stray])
    assert joined.unjoined == 1
    (moments,) = measure(joined, "click_through").moments.values()
    assert float(moments.sums[0]) == 0.0


def test_a_clock_five_minutes_behind_still_counts() -> None:
    joined = join(experiment(), [exposed("q1")], [shown("q1")], [event("e", "q1", minutes=-5)])
    assert joined.unjoined == 0


def test_searches_before_the_exposure_are_the_covariate() -> None:
    searches = [shown("q0", minutes=-60), shown("q1")]
    joined = join(experiment(), [exposed("q1")], searches, [event("e", "q0", minutes=-59)])
    (moments,) = measure(joined, "clicks_per_search").moments.values()
    assert list(moments.sums) == [0.0, 1.0, 1.0]


def test_a_unit_with_two_variants_is_left_out() -> None:
    joined = join(
        experiment(),
        [exposed("q1"), exposed("q2", variant="b", minutes=1), exposed("q3", "v", minutes=1)],
        [shown("q1"), shown("q3", "v", minutes=1)],
        [],
    )
    assert joined.twice == {("in", "u")}
    assert set(joined.variants) == {("in", "v")}


def story(
    lifted: float, units: int, share: float = 0.5
) -> tuple[list[Exposure], list[SearchShown], list[Event]]:
    """Units with three searches each, in both marketplaces; variant b clicks more by `lifted`."""
    rng = np.random.default_rng(5)
    exposures, searches, events = [], [], []
    for n in range(units):
        market, variant = ("in", "us")[n % 2], "b" if rng.random() < share else "a"
        exposures.append(exposed(f"q{n}-0", f"u{n}", variant, marketplace=market))
        for k in range(3):
            searches.append(shown(f"q{n}-{k}", f"u{n}", minutes=k, marketplace=market))
            if rng.random() < 0.3 * (1 + lifted * (variant == "b")):
                events.append(event(f"e{n}-{k}", f"q{n}-{k}", minutes=k + 1, marketplace=market))
    random.Random(5).shuffle(events)
    return exposures, searches, events


def test_a_real_lift_is_found_and_said() -> None:
    ours = experiment(guardrails=("purchase_rate",), stop=StopRule(rule="sequential", units=6000))
    found = make_report(ours, join(ours, *story(0.2, 6000)))
    assert found.verdict.startswith("'b' raises click_through by")
    (whole,) = [e for e in found.estimates if e.marketplace == POOLED]
    assert whole.low < 0.2 < whole.high
    assert {e.marketplace for e in found.estimates} == {POOLED, "in", "us"}


def test_no_lift_is_not_found() -> None:
    ours = experiment()
    found = make_report(ours, join(ours, *story(0.0, 3000)))
    assert found.verdict.startswith("No difference is shown")
    (whole,) = [e for e in found.estimates if e.marketplace == POOLED]
    needed = 3000 * ((whole.high - whole.low) / 2 / 0.02) ** 2
    told = re.search(r"At about ([\d,]+) units it would reach 2.00%", found.would_change)
    assert told is not None
    assert int(told[1].replace(",", "")) == pytest.approx(needed, rel=0.05)


def test_a_guardrail_that_nothing_is_known_of_is_named() -> None:
    """The story has no purchase: the guardrail did not hold, it is not known."""
    ours = experiment(guardrails=("purchase_rate",))
    found = make_report(ours, join(ours, *story(0.0, 500)))
    (warning,) = found.warnings
    assert warning.startswith("The guardrail purchase_rate cannot be judged yet: a variant has")


def test_a_lift_that_is_found_names_no_number_of_units() -> None:
    ours = experiment(stop=StopRule(rule="sequential", units=6000))
    found = make_report(ours, join(ours, *story(0.2, 6000)))
    assert found.would_change == "A guardrail that falls, or a novelty that wears off."


def test_a_wrong_split_is_not_read() -> None:
    ours = experiment()
    found = make_report(ours, join(ours, *story(0.2, 3000, share=0.6)))
    assert found.verdict.startswith("Do not read this: units did not come")


def test_a_fixed_rule_is_not_read_early() -> None:
    ours = experiment(stop=StopRule(rule="fixed", units=10_000))
    assert make_report(ours, join(ours, *story(0.2, 1000))).verdict.startswith("Too early")
    assert make_report(ours, join(ours, [], [], [])).verdict == "Nobody was exposed yet."
