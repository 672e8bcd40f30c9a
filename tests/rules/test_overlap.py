"""Conflicts found by the checker are those that a brute force over all searches finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.search import Prediction
from documents.nodes import Place
from rules.calendar import Timing
from rules.campaigns import Action, Campaign, CompiledCampaigns, Trigger, Verb, When
from rules.checking import check_folder
from rules.checks.sample import write_sample
from rules.overlap import Reach, coinciding
from rules.selectors import Selector
from tests.rules.values import seen

FIRST = date(2026, 3, 1)
BOUNDARIES = (None, Decimal(100), Decimal(300))

whens = st.builds(
    When,
    concepts=st.sampled_from(((), ("saree",), ("kurti",), ("fashion",), ("shoes",))),
    categories=st.sampled_from(((), ("women",), ("women.ethnic",), ("men",))),
    genders=st.sampled_from(((), ("women",), ("men",))),
    occasions=st.sampled_from(((), ("wedding",), ("party",))),
    min_price=st.sampled_from(BOUNDARIES),
    max_price=st.sampled_from((None, Decimal(200), Decimal(400))),
    products=st.sampled_from(((), (), ("p1",), ("p1", "p2"))),
)
timings = st.builds(
    lambda start, length: Timing(first=FIRST + timedelta(days=start),
                                 last=FIRST + timedelta(days=start + length)),
    st.integers(0, 5), st.integers(0, 3),
)  # fmt: skip
pins = st.builds(
    lambda when, timing, at, target: (when, timing, at, target),
    whens, timings, st.integers(1, 2), st.sampled_from(("x", "y", "z")),
)  # fmt: skip


def searches(campaigns: CompiledCampaigns) -> Iterator[Trigger]:
    """Every search that can tell two of the drawn triggers apart."""
    for concept, days in product(campaigns.concepts.concepts, range(10)):
        at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=days)
        for leaf, gender, occasion, price, chosen in product(
            campaigns.tree.leaves_of(concept), ("women", "men"), ("wedding", "party", None),
            (5_000, 15_000, 25_000, 35_000, 45_000), (None, "p1", "p2"),
        ):  # fmt: skip
            yield Trigger(prediction=seen(concept, leaf), at=at, gender=gender, occasion=occasion,
                          price_minor=price, product_id=chosen)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(pins, min_size=2, max_size=5))
def test_the_pairs_that_coincide_are_those_that_some_search_meets(
    base: CompiledCampaigns, drawn: list[tuple[When, Timing, int, str]]
) -> None:
    made = tuple(
        Campaign(id=f"c{n}", owner="o", reason="r", when=when, timing=timing,
                 actions=(Action(verb=Verb.PIN, selector=Selector(products=(target,)), at=at,
                                 place=base_place(n)),))
        for n, (when, timing, at, target) in enumerate(drawn)
    )  # fmt: skip
    campaigns = replace(base, campaigns=made, _active={}, _compiled={})
    reach = Reach(concepts=base.concepts, tree=base.tree, calendar=base.calendar)
    found = {
        (a.campaign.id, b.campaign.id)
        for a, b in coinciding(tuple(reach.moves(made)), lambda move: move.action.product)
    }
    named = {c.id: bool(c.when.products) for c in made}
    target = {c.id: c.actions[0].product for c in made}
    met: set[tuple[str, str]] = set()
    for search in searches(campaigns):
        held = sorted(match.campaign.id for match in campaigns.matching(search))
        met.update((a, b) for a in held for b in held if a < b)
    assert found == {(a, b) for a, b in met if named[a] == named[b] and target[a] != target[b]}


def base_place(number: int) -> Place:
    return Place("f", number + 1, 1)


def planted(kind: str, number: int) -> tuple[str, str, str]:
    """Two campaigns that meet in one conflict, and its code; nothing else meets them."""
    when = f"when: {{concepts: [saree], products: [only-{number}]}}"
    pairs = {
        "R014": (
            f"{{pin: {{product: a{number}}}, at: 1}}",
            f"{{pin: {{product: b{number}}}, at: 1}}",
        ),
        "R015": ("{boost: {concepts: [saree]}, by: 0.2}", "{bury: {colours: [red]}, by: 0.2}"),
        "R016": (f"{{pin: {{product: c{number}}}, at: 3}}", f"{{hide: {{products: [c{number}]}}}}"),
    }
    first, second = pairs[kind]
    blocks = [
        f"  - id: {kind.lower()}-{number}-{side}\n    owner: o\n    reason: r\n    {when}\n"
        f"    actions:\n      - {action}\n"
        for side, action in (("a", first), ("b", second))
    ]
    return blocks[0], blocks[1], kind


@pytest.mark.parametrize("seed", range(3))
def test_all_planted_conflicts_are_found_among_many_rules_without_a_false_alarm(
    seed: int, tmp_path: Path
) -> None:
    from random import Random

    rng = Random(seed)
    kinds = [rng.choice(("R014", "R015", "R016")) for _ in range(30)]
    parts = [planted(kind, number) for number, kind in enumerate(kinds)]
    harmless = [
        f"  - id: harmless-{n}\n    owner: o\n    reason: r\n    when: {{products: [alone-{n}]}}\n"
        f"    actions:\n      - {{pin: {{product: h{n}}}, at: 1}}\n"
        for n in range(200)
    ]
    blocks = [*(part[0] for part in parts), *(part[1] for part in parts), *harmless]
    rng.shuffle(blocks)
    folder = write_sample(tmp_path, {"in/merchandising.yaml": "campaigns:\n" + "".join(blocks)})
    found = check_folder(folder, date(2026, 11, 24)).findings
    assert sorted(f"{f.code.lower()}-{f.rule.split('-')[1]}" for f in found) == sorted(
        f"{kind.lower()}-{number}" for number, kind in enumerate(kinds)
    )


def test_nothing_is_seen_of_an_unknown_prediction(base: CompiledCampaigns) -> None:
    """A concept that the files do not know meets only campaigns without a trigger."""
    anything = Campaign(id="any", owner="o", reason="r", actions=())
    saree = Campaign(id="saree", owner="o", reason="r", actions=(), when=When(concepts=("saree",)))
    campaigns = replace(base, campaigns=(anything, saree), _active={}, _compiled={})
    odd = Prediction(category="gone", confidence=0.1, concept="gone", concepts={}, categories={})
    met = campaigns.matching(Trigger(prediction=odd, at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert [match.campaign.id for match in met] == ["any"]


replacements = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda p: p[0] != p[1]),
    max_size=9,
)


def leads_back(edges: list[tuple[str, str]]) -> set[str]:
    """Brute force: the products that some chain of replacements leads back to themselves."""
    reach = set(edges)
    for _ in range(6):
        reach |= {(a, d) for a, b in reach for c, d in edges if b == c}
    return {a for a, b in reach if a == b}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edges=replacements)
def test_circles_of_replacement_are_found_when_there_are_some_and_only_then(
    tmp_path: Path, edges: list[tuple[str, str]]
) -> None:
    """Each circle that is told is one, step by step; none is told where there is none."""
    blocks = [
        f"  - id: c{n}\n    owner: o\n    reason: r\n    actions:\n"
        f"      - {{replace: {{product: {old}}}, with: {{product: {new}}}}}\n"
        for n, (old, new) in enumerate(edges)
    ]
    text = "campaigns:\n" + "".join(blocks) if blocks else "campaigns: []\n"
    folder = write_sample(tmp_path, {"in/merchandising.yaml": text})
    told = [f.found for f in check_folder(folder, date(2026, 11, 24)).findings if f.code == "R018"]
    circles = [found.rpartition(": ")[2].split(" → ") for found in told]
    for circle in circles:
        assert circle[0] == circle[-1]
        assert all(step in edges for step in pairwise(circle))
    wanted = leads_back(edges)
    assert {product for circle in circles for product in circle} <= wanted
    assert bool(circles) == bool(wanted)
