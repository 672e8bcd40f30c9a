"""How a listing lies in Elasticsearch: the strict mapping, the document, and its way back.

The document holds everything that a request needs. `row` is the whole listing (see `codec`), `looks` its
vector and appearance: Elasticsearch leaves a `dense_vector` out of `_source` and rounds nothing here.
The other fields are what filters and sorting read.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from catalog.products import FREE_SIZE, Listing, Vector, any_size
from catalog.search import Candidate
from retrieval.codec import decode_listings, encode_listing
from retrieval.index import APPEARANCE_WIDTH, VECTOR_WIDTH, IndexUnavailable, Record

FORMAT = 2
IndexType = Literal["int8_hnsw", "flat", "hnsw", "bbq_hnsw"]
OVERSAMPLE: Mapping[str, float] = {"int8_hnsw": 2.0, "bbq_hnsw": 3.0}
"""How many times k are scored again with the whole vectors; their type stores rounded ones."""
FETCHED = ["row", "looks"]
_KEYWORDS = ("product_id", "category", "concept", "colour", "gender", "sizes")
_REMEMBERED = 20_000
_LOOKS = VECTOR_WIDTH + APPEARANCE_WIDTH
_PACKED = _LOOKS + 2
_PACKED_TEXT = _PACKED * 4 * 4 // 3


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
        "looks": _packed(record),
    }


def _packed(record: Record) -> str:
    """Base64 of vector, appearance and padding to a multiple of three bytes: joined, it decodes at once."""
    row = np.zeros(_PACKED, "<f4")
    row[:VECTOR_WIDTH], row[VECTOR_WIDTH:_LOOKS] = record.vector, record.appearance
    return base64.b64encode(row.tobytes()).decode()


def wire_vector(vector: Vector) -> str:
    """Base64 of big-endian floats, as `dense_vector` and `query_vector` take it."""
    return base64.b64encode(vector.astype(">f4").tobytes()).decode()


class Documents:
    """Decodes hits, and remembers rows that it has met: a row is decoded once, whatever asks for it."""

    def __init__(self) -> None:
        self._known: dict[str, Listing] = {}

    def listings(self, rows: Sequence[str]) -> list[Listing]:
        """ValueError or TypeError when a row is damaged."""
        known = self._known
        unknown = [row for row in dict.fromkeys(rows) if row not in known]
        if unknown:
            decoded = decode_listings(row.encode() for row in unknown)
            if len(known) + len(unknown) > _REMEMBERED:
                # another thread may still read the old memory: it is left, never emptied
                known = self._known = {row: known[row] for row in rows if row in known}
            known.update(zip(unknown, decoded, strict=True))
        return [known[row] for row in rows]

    def candidates(
        self,
        sources: Sequence[Mapping[str, str]],
        looks: NDArray[np.float32] | None = None,
        similarities: Sequence[float] | None = None,
    ) -> list[Candidate]:
        """In order; similarity 0 unless given. `IndexUnavailable` when a document is damaged."""
        if not sources:
            return []
        try:
            listings = self.listings([source["row"] for source in sources])
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(error) from error
        looks = looks_of(sources) if looks is None else looks
        shown = [0.0] * len(sources) if similarities is None else similarities
        return [
            Candidate(listing=listing, similarity=similarity, vector=vector, appearance=appearance)
            for listing, similarity, vector, appearance in zip(
                listings, shown, looks[:, :VECTOR_WIDTH], looks[:, VECTOR_WIDTH:], strict=True
            )
        ]


def looks_of(sources: Sequence[Mapping[str, str]]) -> NDArray[np.float32]:
    """(n, 160): vectors, then appearances. `IndexUnavailable` when one is damaged."""
    try:
        packed = "".join([source["looks"] for source in sources])
        if len(packed) != len(sources) * _PACKED_TEXT:
            raise damaged("a vector of another length")
        data = binascii.a2b_base64(packed, strict_mode=True)
        return np.frombuffer(data, "<f4").reshape(len(sources), _PACKED)[:, :_LOOKS]
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(error) from error


def damaged(error: Exception | str) -> IndexUnavailable:
    return IndexUnavailable(
        f"Elasticsearch answered with a damaged document ({error}). "
        "Build the index again: souk index build --engine elasticsearch."
    )
