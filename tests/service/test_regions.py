"""A request may name a region of the marketplace, and gets its rules on every page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.rules.values import LOCALES
from tests.service.fakes import JsonClient, fake_services

HIDE = """\
campaigns:
  - id: none-of-these
    owner: o
    reason: They are not sold in the south.
    actions: [{hide: {products: [saree-1, saree-2]}}]
"""


@pytest.fixture
def client(tmp_path: Path) -> JsonClient:
    """The real files, and a region whose campaign takes two sarees away."""
    locales = tmp_path / "locales"
    shutil.copytree(LOCALES, locales)
    region = locales / "in" / "regions" / "kerala"
    (region / "merchandising.yaml").write_text(HIDE, encoding="utf-8")
    return JsonClient(fake_services(tmp_path / "home", locales=locales))


def products(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["product_id"] for item in answer.json["results"]]


def test_a_region_has_its_own_rules_and_the_marketplace_keeps_its(client: JsonClient) -> None:
    whole = products(client.search("in", "saree", "limit=50"))
    south = products(client.search("in", "saree", "limit=50&region=kerala"))
    assert {"saree-1", "saree-2"} <= set(whole)
    assert south == [product for product in whole if product not in ("saree-1", "saree-2")]


def test_the_next_page_stays_in_the_region(client: JsonClient) -> None:
    wanted = products(client.search("in", "saree", "limit=50&region=kerala"))
    first = client.search("in", "saree", "limit=3&region=kerala")
    url = "/v1/in/search"
    second = client.post(url, json={"cursor": first.json["next"], "limit": 3})
    assert products(first) + products(second) == wanted[:6]


def test_products_pages_know_regions_too(client: JsonClient) -> None:
    answer = client.get("/v1/in/products/saree-3/similar?region=kerala&limit=50")
    assert not {"saree-1", "saree-2"} & set(products(answer))


@pytest.mark.parametrize(
    ("marketplace", "fix"),
    [("in", "send one of assam, gujarat, kerala, "), ("gb", "send no region")],
)
def test_an_unknown_region_is_refused_with_those_that_exist(
    client: JsonClient, marketplace: str, fix: str
) -> None:
    refused = client.search(marketplace, "saree", "region=goa")
    assert refused.status_code == 422
    assert f"region: found 'goa'; {fix}" in refused.json["detail"]


def test_a_marketplace_lists_its_regions_by_name(client: JsonClient) -> None:
    regions = client.get("/v1/in?language=hi").json["regions"]
    assert [one["id"] for one in regions] == sorted(one["id"] for one in regions)
    assert {"id": "kerala", "name": "केरल"} in regions
    assert {"id": "west-bengal", "name": "पश्चिम बंगाल"} in regions
    listed = client.get("/v1/marketplaces").json["marketplaces"]
    assert {m["id"]: len(m["regions"]) for m in listed}["de"] == 1
