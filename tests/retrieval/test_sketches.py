"""Bounds never lose a neighbour, whatever the vectors look like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search import Filters
from retrieval.exact import ExactIndex
from retrieval.segments import Segment, Span
from retrieval.sketches import Sketch, promising
from service.bench_catalogue import leaf_name, make_catalogue
from tests.retrieval.engines import MODEL, TAXONOMY, embedded
from tests.retrieval.listings import random_unit

MADE = make_catalogue(6000, queries=12, seed=3)
RECORDS = list(MADE.records())
ALL = Filters(marketplace="in")
FILTERS = {
    "none": ALL,
    "leaves": replace(ALL, categories=(leaf_name(0), leaf_name(2)), available=True),
    "price": replace(ALL, max_price_minor=200_000),
    "excluded": replace(ALL, exclude_products=("B00000001", "B00000500")),
}


def spread(dimensions: int, seed: int) -> np.ndarray:
    """Unit rows that lie in so many of the 128 directions."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(300, dimensions)) @ rng.normal(size=(dimensions, 128))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@settings(deadline=None, max_examples=40)
@given(dimensions=st.integers(1, 128), seed=st.integers(0, 1000))
def test_no_bound_is_below_the_true_product(dimensions: int, seed: int) -> None:
    rows, query = spread(dimensions, seed), random_unit(np.random.default_rng(seed + 1))
    sketch = Sketch.of(rows)
    asked = sketch.asked(query)
    exact = rows.astype(np.float64) @ query
    first = sketch.coarse @ asked.coarse
    second = sketch.tightened(first, np.arange(len(rows)), asked)
    assert (first >= exact - 1e-5).all()
    assert (second >= exact - 1e-5).all()
    assert (second <= first + 1e-5).all()


@settings(deadline=None)
@given(
    bounds=st.lists(st.integers(0, 3), min_size=1, max_size=50),
    k=st.integers(1, 50),
    wide=st.booleans(),
)
def test_the_promising_are_at_least_k_and_sorted(bounds: list[int], k: int, wide: bool) -> None:  # noqa: FBT001
    values = np.array(bounds * (400 if wide else 1), np.float32)
    found = promising(values, min(k, len(values)))
    assert len(found) >= min(k, len(values))
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("name", FILTERS)
def test_a_large_segment_gives_the_exact_answer(name: str, tmp_path: Path) -> None:
    index = embedded({"in": RECORDS}, tmp_path)
    oracle = ExactIndex({"in": RECORDS}, model=MODEL, taxonomy=TAXONOMY)
    assert (tmp_path / "v1" / "in" / "sketch-coarse.npy").is_file()
    for query in MADE.queries[:3]:
        assert index.nearest(query, FILTERS[name], 100) == oracle.nearest(query, FILTERS[name], 100)


def test_most_rows_are_told_apart_without_their_vectors() -> None:
    """What makes it quick: of 6,000 rows few are read whole."""
    segment = Segment.of(RECORDS)
    whole = (Span(0, len(segment)),)
    assert segment.sketch is not None
    for query in MADE.queries:
        asked = segment.sketch.asked(query)
        bounds = segment.sketch.coarse @ asked.coarse
        tight = segment.sketch.tightened(bounds, np.arange(len(segment)), asked)
        edge = np.sort(segment.columns.vectors @ query)[-20]
        assert (tight >= edge).sum() < len(segment) / 6
        assert len(segment.nearest(whole, query, 20)) >= 20
