"""An answer says what each campaign did, which lost and why; campaigns begin and end by the clock."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.categories import CategoryTree
from catalog.search import Candidate, Look, Prediction
from service.commands.search import outcomes
from service.wire import SearchAnswer
from tests.rules.values import LOCALES
from tests.service.fakes import FakeModels, JsonClient, fake_services

CAMPAIGNS = """\
campaigns:
  - id: everything
    owner: o
    reason: Number four leads.
    actions:
      - {pin: {product: saree-4}, at: 1}
      - {hide: {products: [saree-9]}}
      - {boost: {products: [saree-2]}, by: 0.5}
  - id: sarees
    owner: o
    reason: Number three leads among sarees.
    when: {concepts: [saree]}
    actions:
      - {pin: {product: saree-3}, at: 1}
      - {bury: {products: [saree-2]}, by: 0.9}
      - {pin: {product: gone}, at: 5}
  - id: a-day
    owner: o
    reason: Only on the first of December.
    priority: 90
    when: {concepts: [saree]}
    from: "2026-12-01"
    until: "2026-12-01"
    actions: [{hide: {products: [saree-3]}}]
"""


def under_campaigns(tmp_path: Path) -> Path:
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder, ignore=shutil.ignore_patterns("regions"))
    (folder / "in" / "merchandising.yaml").write_text(CAMPAIGNS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> JsonClient:
    home = tmp_path_factory.mktemp("home")
    return JsonClient(fake_services(home, locales=under_campaigns(home)))


def found(client: JsonClient, **parameters: Any) -> Any:
    body = {"product_id": "saree-1", "limit": 24, **parameters}
    answer = client.post("/v1/in/search", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_an_explained_answer_says_which_campaigns_won_which_lost_and_why(
    client: JsonClient,
) -> None:
    rules = found(client, explain=True)["rules"]
    assert [(rule["id"], rule["action"]) for rule in rules["applied"]] == [
        ("sarees", "bury by 0.9"), ("sarees", "pin to 1"), ("everything", "hide 1"),
    ]  # fmt: skip
    assert {(rule["id"], rule["action"], rule["reason"]) for rule in rules["lost"]} == {
        ("sarees", "pin", "gone is not offered for this search"),
        ("everything", "boost", "'sarees' moves saree-2"),
        ("everything", "pin", "'sarees' fills place 1"),
    }


def test_nobody_is_told_who_did_not_ask(client: JsonClient) -> None:
    assert found(client)["rules"] is None


class InDoubt(FakeModels):
    """Takes every photo for a man's shirt that may be a T-shirt."""

    def classify(
        self,
        look: Look,
        neighbours: Sequence[Candidate],
        tree: CategoryTree,
        stocked: object = None,
    ) -> Prediction:
        sure = super().classify(look, neighbours, tree, stocked)
        concepts = {"shirt": 0.5, "tshirt": 0.3}
        leaves = {tree.leaf_of(c, "men") or "": share for c, share in concepts.items()}
        return replace(
            sure, concept="shirt", category=next(iter(leaves)), concepts=concepts, categories=leaves
        )


def test_an_explained_answer_says_what_is_not_offered_in_doubt_and_why(tmp_path: Path) -> None:
    client = JsonClient(fake_services(tmp_path, models=InDoubt()))
    answer = client.search("fr", "saree", "explain=true").json
    assert {
        "id": "shirt-suit-everyday",
        "action": "offer of necktie",
        "reason": "the photo may show tshirt (0.30), whose rules forbid it",
    } in answer["rules"]["lost"]
    offered = {slot["slot"]: slot["rule"] for slot in answer["accessories"]}
    assert "necktie" not in offered
    assert offered["belt"] == "shirt-suit-everyday"


def test_the_command_line_tells_the_same(client: JsonClient) -> None:
    lines = outcomes(SearchAnswer.model_validate(found(client, explain=True)))
    assert "rule sarees: pin to 1 (Number three leads among sarees.)" in lines
    assert "rule everything: no pin, 'sarees' fills place 1" in lines


def test_a_campaign_switches_on_and_off_at_midnight_there_without_a_reload(tmp_path: Path) -> None:
    """One service; only its clock goes on. Midnight in India is half past six in the evening UTC."""
    at = [datetime(2026, 11, 30, 18, 29, 59, tzinfo=UTC)]
    services = fake_services(tmp_path, locales=under_campaigns(tmp_path))
    services.clock = lambda: at[0]
    client = JsonClient(services)
    pages = []
    for moment in (at[0], at[0].replace(minute=30), datetime(2026, 12, 1, 18, 29, 59, tzinfo=UTC),
                   datetime(2026, 12, 1, 18, 30, tzinfo=UTC)):  # fmt: skip
        at[0] = moment
        answer = found(client)
        pages.append(("saree-3" in {item["product_id"] for item in answer["results"]},
                      answer["versions"]["rules"]))  # fmt: skip
    version = pages[0][1]
    assert pages == [(True, version), (False, version), (False, version), (True, version)]
