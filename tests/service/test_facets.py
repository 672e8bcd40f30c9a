"""Facets: a count says what choosing the value would leave, and choosing it leaves as many."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.facets import price_ranges
from tests.service.fakes import JsonClient


def search(client: JsonClient, query: str = "") -> dict[str, object]:
    answer = client.search("in", "kurti", f"facets=true&limit=100&{query}")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def test_no_facets_unless_they_are_asked_for(client: JsonClient) -> None:
    assert client.search("in", "kurti").json["facets"] is None


@pytest.mark.parametrize("query", ["", "prime=true", "colour=red&max_price=30", "size=S"])
@pytest.mark.parametrize("facet", ["size", "colour", "gender", "category"])
def test_choosing_a_value_leaves_as_many_as_its_count_says(
    client: JsonClient, facet: str, query: str
) -> None:
    """Whatever else is filtered; an active filter of the same facet is replaced."""
    others = "&".join(p for p in query.split("&") if not p.startswith(f"{facet}="))
    values = client.search("in", "kurti", f"facets=true&{query}").json["facets"][facet]
    assert values
    for one in values:
        left = client.search("in", "kurti", f"{others}&{facet}={one['value']}").json
        assert left["total"] == one["count"], one


def test_prime_stock_and_price_counts_are_what_they_leave(client: JsonClient) -> None:
    facets = client.search("in", "kurti", "facets=true").json["facets"]
    assert facets["exact"] is True
    assert facets["counted"] == facets["total"]
    for name in ("prime", "available"):
        assert client.search("in", "kurti", f"{name}=true").json["total"] == facets[name]
    assert len(facets["price"]) > 1
    for step in facets["price"]:
        ends = "&".join(f"{k}={step[k]}" for k in ("min_price", "max_price") if step[k])
        assert client.search("in", "kurti", ends).json["total"] == step["count"]


def test_a_further_page_has_none(client: JsonClient) -> None:
    first = client.search("in", "kurti", "facets=true&limit=4").json
    further = client.post(f"/v1/in/search?facets=true&cursor={first['next']}", json={}).json
    assert further["facets"] is None


@given(st.lists(st.integers(min_value=1, max_value=10**7), max_size=60))
def test_price_ranges_count_every_price_once(prices: list[int]) -> None:
    ranges = price_ranges(prices, "INR")
    assert not ranges or sum(one.count for one in ranges) == len(prices)
    for left, right in pairwise(ranges):
        assert left.high_minor is not None
        assert right.low_minor == left.high_minor + 1
