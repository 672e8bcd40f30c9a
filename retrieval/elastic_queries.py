"""Search bodies: the filters, k nearest inside them, and browsing."""

from __future__ import annotations

from typing import Any

from catalog.products import FREE_SIZE
from catalog.search import Filters
from retrieval.elastic_mapping import FETCHED, wire_vector
from retrieval.filtering import UNISEX
from retrieval.index import MAX_K, BrowseQuery, NearestQuery

MIN_CANDIDATES = 400
"""The least beam of a graph search. Under filters a beam of 100 loses neighbours that exist."""
LISTINGS_A_CANDIDATE = 40
"""A larger graph asks for a wider beam: under a filter at 60,000 listings 400 find 0.954, 1,600 all."""


def filter_query(filters: Filters) -> dict[str, Any]:
    """What `filtering.passes` says, for an index that holds one marketplace only."""
    genders = (*filters.genders, UNISEX) if filters.genders else ()
    sizes = () if filters.size is None else (filters.size, *filters.sizes_alike, FREE_SIZE)
    terms = {
        "category": filters.categories,
        "concept": filters.concepts,
        "colour": filters.colours,
        "gender": genders,
        "sizes": sizes,
    }
    clauses: list[dict[str, Any]] = [
        {"terms": {name: list(words)}} for name, words in terms.items() if words
    ]
    bounds = {"gte": filters.min_price_minor, "lte": filters.max_price_minor}
    price = {bound: value for bound, value in bounds.items() if value is not None}
    if price:
        clauses.append({"range": {"price": price}})
    for name, wanted in (("prime", filters.prime), ("available", filters.available)):
        if wanted is not None:
            clauses.append({"term": {name: wanted}})
    query: dict[str, Any] = {"filter": clauses} if clauses else {}
    if filters.exclude_products:
        query["must_not"] = [{"terms": {"product_id": list(filters.exclude_products)}}]
    return {"bool": query} if query else {"match_all": {}}


def nearest_body(query: NearestQuery, wanted: int, beam: int) -> dict[str, Any]:
    """The `wanted` nearest, and the count of what passes; never boosted.

    The filter stands twice: inside `knn` it chooses, as the query it is counted and adds 0 to `_score`. An
    aggregation would count too, over the whole index and at twice the cost. A boosted clause would change
    `_score`, and (1 + cosine) / 2 could not be turned back.
    """
    filters = filter_query(query.filters)
    knn: dict[str, Any] = {
        "field": "vector",
        "query_vector": wire_vector(query.vector),
        "k": wanted,
        "num_candidates": beam,
    }
    if "match_all" not in filters:
        knn["filter"] = filters
    return {
        "knn": knn,
        "query": {"bool": {"filter": [filters]}},
        "size": wanted,
        "_source": FETCHED,
        "track_total_hits": True,
    }


def browse_body(query: BrowseQuery) -> dict[str, Any]:
    """The k most popular behind the cursor."""
    body: dict[str, Any] = {
        "query": {"bool": {"filter": [filter_query(query.filters)]}},
        "sort": [{"popularity": "desc"}, {"product_id": "asc"}],
        "size": query.k,
        "_source": FETCHED,
        "track_total_hits": True,
    }
    if query.after is not None:
        body["search_after"] = [query.after.score, query.after.product_id]
    return body


def count_body() -> dict[str, Any]:
    """How many the index holds; the server remembers the answer until something changes."""
    return {"size": 0, "track_total_hits": True}


def beam_of(wanted: int, listings: int) -> int:
    """`num_candidates` for a first try among so many: wide enough for recall under filters."""
    return min(MAX_K, max(MIN_CANDIDATES, 2 * wanted, listings // LISTINGS_A_CANDIDATE))
