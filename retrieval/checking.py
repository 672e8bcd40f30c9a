"""One check of a query for all engines: the same bad input gives the same refusal everywhere."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np

from catalog.products import COLOURS, GENDERS, Vector
from catalog.search import Filters
from retrieval.index import (
    MAX_K,
    VECTOR_WIDTH,
    BrowseQuery,
    IndexVersion,
    NearestQuery,
    QueryRefused,
)

_UNIT_TOLERANCE = 1e-3


def check_nearest(
    query: NearestQuery, version: IndexVersion, marketplaces: Collection[str]
) -> None:
    """Raise `QueryRefused` unless every engine could answer."""
    check_vector(query.vector)
    if query.model is not None and query.model != version.model:
        raise QueryRefused(
            "other-model",
            f"The query's vector is of model {query.model}, the index {version.id} of model "
            f"{version.model}. Build the index again: souk catalog embed, then souk index build.",
        )
    _check_common(query, marketplaces)


def check_browse(query: BrowseQuery, marketplaces: Collection[str]) -> None:
    """Raise `QueryRefused` unless every engine could answer."""
    _check_common(query, marketplaces)


def check_vector(vector: Vector) -> None:
    """Shape (128,), finite, unit length. Every search asks: the length of a finite vector is finite."""
    if vector.shape != (VECTOR_WIDTH,):
        raise QueryRefused(
            "vector-width",
            f"The vector has shape {vector.shape}; the index takes ({VECTOR_WIDTH},).",
        )
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not math.isfinite(length):
        raise QueryRefused(
            "vector-not-finite", "The vector holds NaN or infinity; send finite numbers."
        )
    if length < _UNIT_TOLERANCE:
        raise QueryRefused("vector-zero", "The vector is zero and points nowhere; embed a picture.")
    if abs(length - 1.0) > _UNIT_TOLERANCE:
        raise QueryRefused(
            "vector-not-unit", f"The vector has length {length:.4g}; send it normalised to 1."
        )


def check_marketplace(marketplace: str, marketplaces: Collection[str]) -> None:
    if marketplace not in marketplaces:
        known = ", ".join(sorted(marketplaces)) or "none yet"
        raise QueryRefused(
            "unknown-marketplace",
            f"Marketplace {marketplace!r} is not in the index. It holds: {known}.",
        )


def _check_common(query: NearestQuery | BrowseQuery, marketplaces: Collection[str]) -> None:
    filters = query.filters
    check_marketplace(filters.marketplace, marketplaces)
    if not 1 <= query.k <= MAX_K:
        raise QueryRefused("k-out-of-range", f"k is {query.k}; ask for 1 to {MAX_K} candidates.")
    _check_words("colour", filters.colours, COLOURS)
    _check_words("gender", filters.genders, GENDERS)
    _check_prices(filters)
    if query.after is not None and query.after.marketplace != filters.marketplace:
        raise QueryRefused(
            "cursor-of-another-marketplace",
            f"The cursor belongs to marketplace {query.after.marketplace!r}, the query to "
            f"{filters.marketplace!r}. Start from the first page.",
        )
    if query.after is not None and query.after.depth + query.k > MAX_K:
        raise QueryRefused(
            "too-deep", f"Pages end after {MAX_K} products; narrow the filters to see others."
        )


def _check_words(kind: str, words: tuple[str, ...], known: tuple[str, ...]) -> None:
    for word in words:
        if word not in known:
            raise QueryRefused(
                f"unknown-{kind}", f"There is no {kind} {word!r}. Known: {', '.join(known)}."
            )


def _check_prices(filters: Filters) -> None:
    low, high = filters.min_price_minor, filters.max_price_minor
    if (low is not None and low < 0) or (high is not None and high < 0):
        raise QueryRefused("negative-price", "A price bound is negative; send 0 or more.")
    if low is not None and high is not None and low > high:
        raise QueryRefused(
            "price-range", f"The lowest price {low} is above the highest {high}; swap them."
        )
