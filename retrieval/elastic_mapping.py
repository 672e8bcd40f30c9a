"""How a listing lies in Elasticsearch: the strict mapping, the document, and its way back.

The document holds everything that a request needs. `row` is the whole listing (see `codec`), `looks` its
vector and appearance: Elasticsearch leaves a `dense_vector` out of `_source` and rounds nothing here.
The other fields are what filters and sorting read.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from catalog.products import Listing, Vector
from catalog.search import Candidate
from retrieval.codec import decode_listings, encode_listing
from retrieval.filtering import FREE_SIZE, any_size
from retrieval.index import APPEARANCE_WIDTH, VECTOR_WIDTH, IndexUnavailable, Record

FORMAT = 1
IndexType = Literal["int8_hnsw", "flat", "hnsw", "bbq_hnsw"]
OVERSAMPLE: Mapping[str, float] = {"int8_hnsw": 2.0, "bbq_hnsw": 3.0}
"""How many times k are scored again with the whole vectors; their type stores rounded ones."""
FETCHED = ["row", "looks"]
_KEYWORDS = ("product_id", "category", "concept", "colour", "gender", "sizes")
_REMEMBERED = 20_000


def mappings(index_type: IndexType) -> dict[str, Any]:
    """Strict: a document with a field that is not here is refused, not guessed at."""
    options: dict[str, Any] = {"type": index_type}
    if index_type != "flat":
        options |= {"m": 16, "ef_construction": 200}
    if index_type in OVERSAMPLE:
        options["rescore_vector"] = {"oversample": OVERSAMPLE[index_type]}
    vector = {
        "type": "dense_vector",
        "dims": VECTOR_WIDTH,
        "index": True,
        "similarity": "cosine",
        "index_options": options,
    }
    unsearched = {"type": "keyword", "index": False, "doc_values": False}
    return {
        "dynamic": "strict",
        "properties": {
            **{name: {"type": "keyword"} for name in _KEYWORDS},
            "price": {"type": "long"},
            "popularity": {"type": "double"},
            "prime": {"type": "boolean"},
            "available": {"type": "boolean"},
            "vector": vector,
            "row": unsearched,
            "looks": {"type": "binary"},
        },
    }


def document(record: Record) -> dict[str, Any]:
    """What is indexed under the product's id."""
    product, offer = record.listing.product, record.listing.offer
    return {
        "product_id": product.product_id,
        "category": record.listing.category,
        "concept": product.concept,
        "colour": product.colour,
        "gender": product.gender,
        # one term answers "this size, free size, or without sizes"
        "sizes": [FREE_SIZE, *offer.sizes] if any_size(offer.sizes) else list(offer.sizes),
        "price": offer.price.amount_minor,
        "popularity": offer.popularity,
        "prime": offer.prime,
        "available": offer.available,
        "vector": wire_vector(record.vector),
        "row": encode_listing(record.listing).decode(),
        "looks": base64.b64encode(
            np.concatenate([record.vector, record.appearance]).astype("<f4").tobytes()
        ).decode(),
    }


def wire_vector(vector: Vector) -> str:
    """Base64 of big-endian floats, as `dense_vector` and `query_vector` take it."""
    return base64.b64encode(vector.astype(">f4").tobytes()).decode()


class Documents:
    """Decodes hits, and remembers rows that it has met: a row is decoded once, whatever asks for it."""

    def __init__(self) -> None:
        self._known: dict[str, Listing] = {}

    def listings(self, rows: Sequence[str]) -> list[Listing]:
        """ValueError or TypeError when a row is damaged."""
        unknown = [row for row in dict.fromkeys(rows) if row not in self._known]
        decoded = decode_listings(row.encode() for row in unknown)
        if len(self._known) + len(unknown) > _REMEMBERED:
            self._known = {}
        fresh = dict(zip(unknown, decoded, strict=True))
        answer = [fresh[row] if row in fresh else self._known[row] for row in rows]
        self._known.update(fresh)
        return answer

    def candidates(
        self, sources: Sequence[Mapping[str, str]], similarities: Sequence[float] | None = None
    ) -> list[Candidate]:
        """In order; similarity 0 unless given. `IndexUnavailable` when a document is damaged."""
        if not sources:
            return []
        try:
            listings = self.listings([source["row"] for source in sources])
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(error) from error
        looks = looks_of(sources)
        return [
            Candidate(
                listing=listing,
                similarity=0.0 if similarities is None else similarities[i],
                vector=looks[i, :VECTOR_WIDTH],
                appearance=looks[i, VECTOR_WIDTH:],
            )
            for i, listing in enumerate(listings)
        ]


def looks_of(sources: Sequence[Mapping[str, str]]) -> NDArray[np.float32]:
    """(n, 160): vectors, then appearances. `IndexUnavailable` when one is damaged."""
    width = VECTOR_WIDTH + APPEARANCE_WIDTH
    try:
        packed = b"".join(base64.b64decode(source["looks"], validate=True) for source in sources)
        return np.frombuffer(packed, "<f4").reshape(len(sources), width)
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(error) from error


def damaged(error: Exception | str) -> IndexUnavailable:
    return IndexUnavailable(
        f"Elasticsearch answered with a damaged document ({error}). "
        "Build the index again: souk index build --engine elasticsearch."
    )
