"""What a search shows under interleaving and under a variant's rules version, and what is logged of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from documents.nodes import UNWRITTEN
from experiments.definitions import Ranking, Variant
from tests.service.fakes import NOW, ROOT, JsonClient, fake_services
from tests.service.test_events import experiment


@pytest.fixture
def interleaved(tmp_path: Path) -> JsonClient:
    ours = experiment(interleaving=True)
    return JsonClient(fake_services(tmp_path, experiments=(ours,)))


def test_an_interleaved_page_is_logged_with_the_team_of_each_product(
    interleaved: JsonClient,
) -> None:
    answer = interleaved.search("in", "saree", "limit=8", headers={"X-Souk-Unit": "u-1"}).json
    assert answer["experiments"] == [{"key": "plain-order", "variant": "interleaved"}]
    log = interleaved.services.events()
    (shown,) = log.searches(["in"])
    assert shown.teams is not None
    assert {len(products) for products in shown.teams.values()} == {4}
    assert sorted(p for products in shown.teams.values() for p in products) == sorted(
        shown.product_ids
    )
    assert [e.variant for e in log.exposures("plain-order")] == ["interleaved"]


def test_pages_of_an_interleaved_search_repeat_nothing(interleaved: JsonClient) -> None:
    by = {"X-Souk-Unit": "u-2"}
    first = interleaved.search("in", "saree", "limit=4", headers=by).json
    second = interleaved.search("in", "saree", f"limit=4&cursor={first['next']}", headers=by).json
    ids = [[r["product_id"] for r in page["results"]] for page in (first, second)]
    assert ids[1]
    assert not set(ids[0]) & set(ids[1])


@pytest.fixture
def ruled(tmp_path: Path) -> tuple[JsonClient, str]:
    """Variant `plain` asks for a published version in which a campaign pins a saree."""
    folder = tmp_path / "draft"
    shutil.copytree(ROOT / "locales", folder, ignore=shutil.ignore_patterns("experiments"))
    campaigns = folder / "in" / "merchandising.yaml"
    campaigns.write_text(
        campaigns.read_text(encoding="utf-8").rstrip() + "\n"
        "  - id: pinned\n    owner: search\n    reason: A test.\n    priority: 99\n"
        "    when: {concepts: [saree]}\n"
        "    actions:\n      - pin: {product: saree-9}\n        at: 1\n",
        encoding="utf-8",
    )
    services = fake_services(tmp_path / "home")
    version = services.rules.publish(folder, by="ada", reason="A test.", at=NOW).version
    variants = tuple(
        Variant(key=key, weight=0.5, ranking=Ranking(rules=rules), source=UNWRITTEN)
        for key, rules in (("shipped", None), ("plain", version))
    )
    ours = experiment(variants=variants, overrides={"tester": "plain", "other": "shipped"})
    services.experiments = lambda: (ours,)
    return JsonClient(services), version


def test_a_rules_version_serves_as_a_variant(ruled: tuple[JsonClient, str]) -> None:
    client, version = ruled
    pages = {
        unit: client.search("in", "saree", headers={"X-Souk-Unit": unit}).json
        for unit in ("tester", "other")
    }
    assert pages["tester"]["results"][0]["product_id"] == "saree-9"
    assert pages["tester"]["versions"]["rules"] == version
    assert pages["other"]["versions"]["rules"] != version


def test_a_version_that_is_gone_serves_the_live_rules_and_says_so(
    ruled: tuple[JsonClient, str],
) -> None:
    client, _ = ruled
    (ours,) = client.services.experiments()
    lost = replace(ours.variants[1], ranking=Ranking(rules="0" * 12))
    gone = replace(ours, variants=(ours.variants[0], lost))
    client.services.experiments = lambda: (gone,)
    answer = client.search("in", "saree", headers={"X-Souk-Unit": "tester"}).json
    assert "experiments:rules-unavailable" in answer["degraded"]
    assert answer["results"]
