"""What a replay predicts is what the service then serves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from catalog.search import Filters
from experiments.events import SearchShown
from rules.loading import load_locales
from rules.page_changes import Page
from service.commands.rules import rules
from service.rules_replay import Replayed, logged_queries, popular_queries, replay
from tests.rules.values import LOCALES
from tests.service.fakes import NOW, JsonClient, fake_services

EVERY_VERB = """\
campaigns:
  - id: sarees
    owner: o
    reason: r
    when: {concepts: [saree]}
    actions:
      - {pin: {product: saree-4}, at: 2}
      - {hide: {products: [saree-1]}}
  - id: women
    owner: o
    reason: r
    when: {categories: [women]}
    actions:
      - {boost: {max_price: "900.00"}, by: 0.4}
      - {bury: {min_rating: 4.5}, by: 0.3}
  - id: successor
    owner: o
    reason: r
    actions:
      - {replace: {product: kurti-2}, with: {product: kurti-5}}
  - id: prime
    owner: o
    reason: r
    when: {concepts: [shoes]}
    actions: [{filter: {prime: true}}]
"""


def rules_only(folder: Path) -> None:
    """Campaigns and accessories: candidates and their order stay."""
    (folder / "in" / "merchandising.yaml").write_text(EVERY_VERB, encoding="utf-8")
    path = folder / "us" / "accessories.yaml"
    path.write_text(path.read_text("utf-8").replace("count: 4", "count: 2"), encoding="utf-8")


def settings_too(folder: Path) -> None:
    """The order itself changes."""
    rules_only(folder)
    path = folder / "in" / "marketplace.yaml"
    text = path.read_text("utf-8").replace("diversity: 0.15", "diversity: 0.9")
    path.write_text(text, encoding="utf-8")


def served(client: JsonClient, query: Replayed) -> tuple[tuple[str, ...], Any]:
    answer = client.post(
        f"/v1/{query.marketplace}/search", json={"product_id": query.product_id, "limit": 24}
    )
    assert answer.status_code == 200, answer.text
    rows = answer.json["accessories"]
    slots = tuple((r["slot"], tuple(i["product_id"] for i in r["results"])) for r in rows)
    return tuple(item["product_id"] for item in answer.json["results"]), slots


def shown(page: Page) -> tuple[tuple[str, ...], Any]:
    return page.products, page.slots


@pytest.mark.parametrize("edit", [rules_only, settings_too])
def test_every_predicted_page_is_the_served_one(
    edit: Callable[[Path], None], tmp_path: Path
) -> None:
    """Both versions, 150 searches each: before and after publishing."""
    draft = tmp_path / "draft"
    shutil.copytree(LOCALES, draft)
    edit(draft)
    now = JsonClient(fake_services(tmp_path / "now"))
    then = JsonClient(fake_services(tmp_path / "then", locales=draft))
    queries = popular_queries(now.services, ("in", "us"), 150)
    pairs = list(replay(now.services, load_locales(LOCALES), load_locales(draft), queries, NOW))
    assert len(pairs) == len(queries) == 150
    assert sum(one.before.products != one.after.products for one in pairs) > 10
    assert sum(one.before.slots != one.after.slots for one in pairs) > 10
    for query, one in zip(queries, pairs, strict=True):
        assert shown(one.before) == served(now, query)
        assert shown(one.after) == served(then, query)


def test_a_region_is_replayed_with_its_own_rules(tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    shutil.copytree(LOCALES, draft)
    south = draft / "in" / "regions" / "kerala" / "merchandising.yaml"
    south.write_text("campaigns:\n" + EVERY_VERB.split("\n", 1)[1], encoding="utf-8")
    services = fake_services(tmp_path / "home")
    query = (Replayed(marketplace="in", product_id="saree-2"),)
    versions = load_locales(LOCALES), load_locales(draft)
    (whole,) = replay(services, *versions, query, NOW)
    (here,) = replay(services, *versions, query, NOW, region="kerala")
    assert whole.before.products == whole.after.products
    assert here.before.products != here.after.products


def test_logged_searches_are_replayed_by_what_they_showed_first(tmp_path: Path) -> None:
    log = fake_services(tmp_path).events()
    for number, first in enumerate(("saree-1", "kurti-1", "saree-1")):
        log.record_search(
            SearchShown(query_id=f"q{number}", marketplace="in", unit="u",
                        at=NOW + timedelta(minutes=number), product_ids=(first, "x"),
                        features="f", rules="r"),
            (),
        )  # fmt: skip
    assert logged_queries(log, ("in",), 10) == (
        Replayed(marketplace="in", product_id="saree-1", weight=2),
        Replayed(marketplace="in", product_id="kurti-1"),
    )
    assert [q.product_id for q in logged_queries(log, ("in",), 1)] == ["saree-1"]


def test_few_products_are_asked_for_again_and_what_is_gone_is_left_out(tmp_path: Path) -> None:
    services = fake_services(tmp_path)
    stocked = len(services.index.get().browse(Filters(marketplace="in"), 5000).candidates)
    queries = popular_queries(services, ("in",), 2 * stocked + 1)
    assert len(queries) == stocked
    assert sum(query.weight for query in queries) == 2 * stocked + 1
    locales = services.locales()
    gone = (Replayed(marketplace="in", product_id="gone"),)
    assert list(replay(services, locales, locales, gone, NOW)) == []


def test_the_command_tells_lines_or_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = tmp_path / "draft"
    shutil.copytree(LOCALES, draft)
    rules_only(draft)
    services = fake_services(tmp_path / "home")
    monkeypatch.setattr("service.wiring.build_services", lambda _: services)
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    run = CliRunner().invoke
    lines = run(rules, ["diff", str(LOCALES), str(draft)])
    assert "+  - id: sarees" in lines.output
    replayed = ["diff", str(LOCALES), str(draft), "--replay", "60", "--marketplace", "in"]
    found = json.loads(run(rules, [*replayed, "--json"]).output)
    assert found["queries"] == 60
    assert found["changed_pages"] > 0
    assert set(found["prices"]) == {"in"}
    said = run(rules, replayed).output
    assert said.startswith(f"60 searches: the pages of {found['changed_pages']} (")
    mover = found["risen"][0]
    assert f"{mover['product_id']} rises in in: {mover['places']} places" in said
    assert "Did you mean 'in'?" in run(rules, [*replayed[:-1], "im"]).output
    assert "Add --marketplace" in run(rules, [*replayed[:5], "--region", "kerala"]).output
