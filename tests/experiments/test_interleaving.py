"""Team draft: nothing invented, nobody favoured, pins in place; and credit goes to whoever placed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.definitions import StopRule
from experiments.events import SearchShown
from experiments.interleaving import preference_of, team_draft
from experiments.joining import join
from experiments.report import make_report
from tests.experiments.logs import event, exposed, shown
from tests.experiments.made import experiment

RANKINGS = st.lists(st.integers(0, 30), unique=True, max_size=20)


@given(RANKINGS, RANKINGS, st.text(max_size=5))
def test_a_draft_holds_what_both_hold_each_once(a: list[int], b: list[int], seed: str) -> None:
    page = [picked.item for picked in team_draft((a, b), seed)]
    assert sorted(page) == sorted({*a, *b})


@given(st.permutations(range(12)), st.permutations(range(12)), st.text(max_size=5))
def test_teams_pick_in_turns(a: list[int], b: list[int], seed: str) -> None:
    teams = [picked.team for picked in team_draft((a, b), seed)]
    for place in range(0, 12, 2):
        assert {teams[place], teams[place + 1]} == {0, 1}


@given(RANKINGS, st.text(max_size=5))
def test_equal_rankings_are_left_as_they_are(ranking: list[int], seed: str) -> None:
    assert [p.item for p in team_draft((ranking, ranking), seed)] == ranking


def test_each_team_begins_half_of_the_time() -> None:
    first = Counter(team_draft(("ab", "ba"), f"salt.{n}")[0].team for n in range(4000))
    assert first[0] == pytest.approx(2000, abs=130)


def test_the_same_seed_draws_the_same_page() -> None:
    rankings = ("abcdefgh", "hgfedcba")
    assert team_draft(rankings, "s") == team_draft(rankings, "s")
    assert len({team_draft(rankings, str(n)) for n in range(20)}) > 5


@given(st.permutations(range(8)), st.permutations(range(8)), st.integers(0, 7), st.text(max_size=5))
def test_a_pin_stays_and_belongs_to_nobody(
    a: list[int], b: list[int], place: int, seed: str
) -> None:
    page = team_draft((a, b), seed, {place: 3})
    assert (page[place].item, page[place].team) == (3, None)
    assert sorted(p.item for p in page) == list(range(8))
    assert abs(sum(1 if p.team == 0 else -1 for p in page if p.team is not None)) <= 1


def merged_search(query: str, unit: str, minutes: float = 0) -> SearchShown:
    return shown(query, unit, minutes=minutes, teams={"a": ("p1",), "b": ("p2",)})


def test_a_click_credits_the_variant_that_placed_the_product() -> None:
    ours = experiment(interleaving=True, stop=StopRule(rule="fixed", units=60))
    units = [f"u{n}" for n in range(60)]
    joined = join(
        ours,
        [exposed(f"q-{u}", u, "interleaved") for u in units],
        [merged_search(f"q-{u}", u) for u in units],
        [
            event(f"e-{u}", f"q-{u}", product_id="p1" if n < 10 else "p2")
            for n, u in enumerate(units)
        ]
        + [event("both", "q-u0", product_id="p2"), event("pin", "q-u1", product_id="p9")],
    )
    found = preference_of(ours, joined)
    assert found is not None
    assert (found.wins, found.ties, found.units) == ({"a": 9, "b": 50}, 1, 60)
    assert found.preference == pytest.approx(50.5 / 60)
    assert found.low > 0.5
    report = make_report(ours, joined)
    assert report.verdict.startswith("Shoppers prefer 'b': 84.2% for 'b'")
    assert report.counts == {"interleaved": 60}


def test_a_shopper_who_searches_much_counts_as_one_unit() -> None:
    """Three hundred wins of one unit are no evidence about shoppers."""
    ours = experiment(interleaving=True)
    queries = [(f"q{n}", f"u{max(0, n - 300)}") for n in range(330)]
    joined = join(
        ours,
        [exposed(q, u, "interleaved") for q, u in queries],
        [merged_search(q, u) for q, u in queries],
        [
            event(f"e{n}", q, product_id="p2" if u == "u0" or n % 2 else "p1")
            for n, (q, u) in enumerate(queries)
        ],
    )
    found = preference_of(ours, joined)
    assert found is not None
    assert found.units == 30
    assert found.low < 0.5 < found.preference


def test_without_credit_there_is_no_preference() -> None:
    ours = experiment(interleaving=True)
    joined = join(ours, [exposed("q", variant="interleaved")], [shown("q")], [])
    assert preference_of(ours, joined) is None
    assert make_report(ours, joined).verdict.startswith("Nothing to say yet")
