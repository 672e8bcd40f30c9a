"""Exploration: bounded, off by default, pins stay, and the logged probabilities are the true ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from documents.nodes import UNWRITTEN
from experiments.definitions import MOST_EXPLORED, Ranking, Variant
from experiments.exploration import DEPTH, explore
from service.stages import RankingConfiguration
from tests.service.fakes import JsonClient, fake_services
from tests.service.test_events import experiment


def test_each_product_stands_where_it_stands_as_often_as_is_logged() -> None:
    rate, runs = MOST_EXPLORED, 20_000
    seen: Counter[tuple[int, str]] = Counter()
    chances: dict[tuple[int, str], float] = {}
    for run in range(runs):
        found = explore("abcdefgh", rate, f"q{run}")
        for place, (item, chance) in enumerate(zip(found.items, found.propensities, strict=True)):
            seen[place, item] += 1
            chances[place, item] = chance
    for key, count in seen.items():
        assert count / runs == pytest.approx(chances[key], abs=0.012)
    assert chances[DEPTH, "g"] == 1.0


def test_a_pin_is_not_drawn() -> None:
    for run in range(200):
        found = explore("abcdefgh", MOST_EXPLORED, f"q{run}", pinned=[0])
        assert (found.items[0], found.propensities[0]) == ("a", 1.0)
    assert found.propensities[DEPTH] < 1.0


def test_beyond_the_bound_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="outside 0 to"):
        explore("abc", MOST_EXPLORED + 0.01, "q")


def test_it_is_off_until_a_variant_asks_for_it(tmp_path: Path) -> None:
    assert RankingConfiguration().explore == 0
    ours = experiment()
    eager = Variant(
        key="eager", weight=0.5, ranking=Ranking(explore=MOST_EXPLORED), source=UNWRITTEN
    )
    ours = replace(
        ours,
        variants=(ours.variants[0], eager),
        overrides={"tester": "eager", "other": "shipped"},
    )
    client = JsonClient(fake_services(tmp_path, experiments=(ours,)))
    for unit in ("tester", "other"):
        answer = client.post(
            "/v1/in/search", json={"product_id": "saree-1"}, headers={"X-Souk-Unit": unit}
        )
        assert answer.status_code == 200
    log = {shown.unit: shown for shown in client.services.events().searches(["in"])}
    assert log["other"].propensities is None
    assert log["tester"].propensities is not None
    assert len(log["tester"].propensities) == len(log["tester"].product_ids)
    assert log["tester"].query_product == "saree-1"
