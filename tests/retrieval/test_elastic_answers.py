"""What counts as found in an answer of Elasticsearch, and what is asked again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catalog.search import Filters
from retrieval.elastic_answers import Ask, hits_of, read_nearest, wider
from retrieval.elastic_mapping import FETCHED, document
from retrieval.index import BrowseQuery, IndexUnavailable, NearestQuery
from tests.retrieval.listings import catalogue, random_unit

RECORDS = catalogue({"in": 12})["in"]
QUERY = NearestQuery(
    vector=random_unit(np.random.default_rng(2)), filters=Filters(marketplace="in"), k=4
)
SOME = Filters(marketplace="in", available=True)


def hit(row: int, score: float | None = None) -> dict[str, Any]:
    """As the server gives it; `score` 0 marks what only passed the filter."""
    record = RECORDS[row]
    source = document(record)
    own = (1 + float(record.vector @ QUERY.vector)) / 2
    return {
        "_id": record.listing.product.product_id,
        "_score": own if score is None else score,
        "_source": {name: source[name] for name in FETCHED},
    }


def answer(*hits: dict[str, Any], total: int) -> dict[str, Any]:
    return {"hits": {"hits": list(hits), "total": {"value": total, "relation": "eq"}}}


def test_what_only_passed_the_filter_is_no_neighbour_and_widens_the_search() -> None:
    response = answer(*(hit(i) for i in range(5)), hit(5, 0.0), hit(6, 0.0), total=900)
    found = read_nearest(QUERY, response)
    assert len(found.sources) == 5
    first = Ask.first(QUERY, 900)
    again = wider(first, found, response)
    assert again is not None
    assert again.wanted == first.wanted
    assert again.beam == 900


def test_a_larger_marketplace_is_searched_with_a_wider_beam() -> None:
    beams = [Ask.first(QUERY, listings).beam for listings in (900, 60_000, 10**9)]
    assert beams == [400, 1500, 10_000]


def test_as_many_as_there_are_is_enough() -> None:
    response = answer(*(hit(i) for i in range(3)), total=3)
    assert wider(Ask.first(QUERY, 900), read_nearest(QUERY, response), response) is None


def test_a_score_that_is_not_that_of_the_vector_is_damage() -> None:
    with pytest.raises(IndexUnavailable, match="its score is not that of its vector"):
        read_nearest(QUERY, answer(hit(0, 0.99), total=1))


@pytest.mark.parametrize(
    ("filters", "listed", "why"),
    [(QUERY.filters, None, "exhausted"), (SOME, 12, "filtered_out"), (SOME, 0, "exhausted")],
)
def test_how_many_are_listed_is_asked_only_where_filters_left_too_few(
    filters: Filters, listed: int | None, why: str
) -> None:
    asked: list[int] = []

    def count() -> int:
        assert listed is not None
        asked.append(listed)
        return listed

    hits = hits_of(BrowseQuery(filters=filters, k=4), (), answer(total=0), count)
    assert hits.shortfall == why
    assert len(asked) == (listed is not None)
    assert hits_of(BrowseQuery(filters=filters, k=0), (), answer(total=9), count).shortfall is None
    assert len(asked) == (listed is not None)
