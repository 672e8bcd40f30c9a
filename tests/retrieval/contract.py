"""What every `CandidateIndex` must do. A test module gives it engines; the oracle is `ExactIndex`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.products import COLOURS, GENDERS, Vector
from catalog.search import Filters, Hits
from retrieval.index import After, BrowseQuery, CandidateIndex, NearestQuery, QueryRefused
from tests.retrieval.engines import MODEL
from tests.retrieval.listings import LEAVES, SIZES, catalogue, random_unit

RECORDS = catalogue({"in": 1500, "us": 60})
QUERY = random_unit(np.random.default_rng(1))
CONCEPTS = sorted({r.listing.product.concept for r in RECORDS["in"]})
IDS = [r.listing.product.product_id for r in RECORDS["in"][:40]]


def some(words: tuple[str, ...] | list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), max_size=3, unique=True).map(tuple)


prices = st.none() | st.integers(0, 1000)
filters = st.builds(
    Filters,
    marketplace=st.sampled_from(["in", "us"]),
    categories=some(LEAVES),
    concepts=some(CONCEPTS) | st.just(()),
    min_price_minor=prices,
    max_price_minor=prices,
    size=st.none() | st.sampled_from([*SIZES, "no such size"]),
    sizes_alike=some(SIZES),
    prime=st.none() | st.booleans(),
    available=st.none() | st.booleans(),
    colours=some(COLOURS[:6]),
    genders=some(GENDERS),
    exclude_products=some(IDS),
).filter(lambda f: f.max_price_minor is None or (f.min_price_minor or 0) <= f.max_price_minor)
vectors = st.one_of(
    st.integers(0, 2**32 - 1).map(lambda seed: random_unit(np.random.default_rng(seed))),
    st.integers(0, 1499).map(lambda i: RECORDS["in"][i].vector),
)
REFUSALS: dict[str, dict[str, Any]] = {
    "vector-not-finite": {"vector": np.full(128, np.nan, np.float32)},
    "vector-zero": {"vector": np.zeros(128, np.float32)},
    "vector-not-unit": {"vector": QUERY * 2},
    "vector-width": {"vector": QUERY[:127]},
    "other-model": {"model": "model-0"},
    "k-out-of-range": {"k": 0},
    "unknown-marketplace": {"filters": Filters(marketplace="xx")},
    "unknown-colour": {"filters": Filters(marketplace="in", colours=("blau",))},
    "unknown-gender": {"filters": Filters(marketplace="in", genders=("ladies",))},
    "negative-price": {"filters": Filters(marketplace="in", min_price_minor=-1)},
    "price-range": {"filters": Filters(marketplace="in", min_price_minor=9, max_price_minor=3)},
    "cursor-of-another-marketplace": {"after": After(marketplace="us", score=1, product_id="A")},
}


def ids(hits: Hits) -> list[str]:
    return [c.product_id for c in hits.candidates]


class Contract:
    """Inherited by one test class a family of engines, whose fixtures are named here."""

    @pytest.fixture
    def index(self) -> CandidateIndex:
        raise NotImplementedError

    @pytest.fixture
    def oracle(self) -> CandidateIndex:
        raise NotImplementedError

    @pytest.fixture
    def recall(self) -> float:
        return 1.0

    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(asked=st.tuples(vectors, filters, st.integers(1, 120)))
    def test_nearest_agrees_with_the_exact_order(
        self,
        index: CandidateIndex,
        oracle: CandidateIndex,
        recall: float,
        asked: tuple[Vector, Filters, int],
    ) -> None:
        answer, truth = index.nearest(*asked), oracle.nearest(*asked)
        assert (answer.total, answer.shortfall) == (truth.total, truth.shortfall)
        assert len(answer.candidates) == len(truth.candidates)
        if recall == 1.0:
            assert answer == truth
        shared = len(set(ids(answer)) & set(ids(truth)))
        assert shared >= recall * len(truth.candidates) - 1
        similarity = [c.similarity for c in answer.candidates]
        assert similarity == sorted(similarity, reverse=True)

    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(filters=filters, k=st.integers(1, 120))
    def test_browse_agrees_with_the_exact_order(
        self, index: CandidateIndex, oracle: CandidateIndex, filters: Filters, k: int
    ) -> None:
        assert index.browse(filters, k) == oracle.browse(filters, k)

    def test_candidates_carry_their_vectors_and_appearance(
        self, index: CandidateIndex, oracle: CandidateIndex
    ) -> None:
        answer = index.nearest(QUERY, Filters(marketplace="us"), 60)
        truth = {
            c.product_id: c for c in oracle.nearest(QUERY, Filters(marketplace="us"), 60).candidates
        }
        for candidate in answer.candidates:
            assert np.array_equal(candidate.vector, truth[candidate.product_id].vector)
            assert np.array_equal(candidate.appearance, truth[candidate.product_id].appearance)

    def test_the_reason_for_fewer_than_k_is_told(self, index: CandidateIndex) -> None:
        everything = Filters(marketplace="us")
        assert index.nearest(QUERY, everything, 60).shortfall is None
        assert index.nearest(QUERY, everything, 61).shortfall == "exhausted"
        dear = replace(everything, min_price_minor=900)
        assert index.nearest(QUERY, dear, 61).shortfall == "filtered_out"
        assert index.browse(dear, 61).shortfall == "filtered_out"

    def test_many_answers_are_the_single_ones_in_order(self, index: CandidateIndex) -> None:
        asked = [
            Filters(marketplace=m, categories=c) for m in ("in", "us") for c in ((), LEAVES[:2])
        ]
        near = index.nearest_many([NearestQuery(vector=QUERY, filters=f, k=9) for f in asked])
        popular = index.browse_many([BrowseQuery(filters=f, k=9) for f in asked])
        assert near == tuple(index.nearest(QUERY, f, 9) for f in asked)
        assert popular == tuple(index.browse(f, 9) for f in asked)
        assert index.nearest_many([]) == ()
        assert index.browse_many([]) == ()

    def test_get_returns_the_known_products_in_the_order_asked(
        self, index: CandidateIndex, oracle: CandidateIndex
    ) -> None:
        wanted = [IDS[30], "no such product", IDS[2], IDS[30]]
        found = index.get("in", wanted)
        assert [c.product_id for c in found] == [IDS[30], IDS[2]]
        assert found == oracle.get("in", wanted)
        assert index.get("in", []) == ()

    @pytest.mark.parametrize("code", REFUSALS)
    def test_a_bad_query_is_refused_alike(
        self, index: CandidateIndex, oracle: CandidateIndex, code: str
    ) -> None:
        plain = NearestQuery(vector=QUERY, filters=Filters(marketplace="in"), k=5, model=MODEL)
        index.nearest_many([plain])
        bad = replace(plain, **REFUSALS[code])
        with pytest.raises(QueryRefused) as refusal:
            index.nearest_many([plain, bad])
        with pytest.raises(QueryRefused) as same:
            oracle.nearest_many([plain, bad])
        assert refusal.value.code == code
        if code != "other-model":  # its sentence names the index
            assert refusal.value == same.value

    def test_pages_behind_a_position_neither_repeat_nor_skip(
        self, index: CandidateIndex, recall: float
    ) -> None:
        filters = Filters(marketplace="in", available=True)
        pages: list[str] = []
        after = None
        for _ in range(100):
            hits = index.nearest(QUERY, filters, 13, after=after)
            pages += ids(hits)
            if hits.shortfall:
                break
            last = hits.candidates[-1]
            after = After(
                marketplace="in",
                score=last.similarity,
                product_id=last.product_id,
                depth=len(pages),
            )
        assert len(pages) == len(set(pages))
        assert len(pages) >= recall * hits.total

    def test_browsing_pages_are_one_long_page(self, index: CandidateIndex) -> None:
        filters = Filters(marketplace="in", categories=LEAVES[:3])
        pages: list[str] = []
        after = None
        while not pages or len(pages) % 40 == 0:
            hits = index.browse(filters, 40, after=after)
            pages += ids(hits)
            last = hits.candidates[-1]
            after = After(
                marketplace="in",
                score=last.listing.offer.popularity,
                product_id=last.product_id,
                depth=len(pages),
            )
        assert pages == ids(index.browse(filters, 2000))
