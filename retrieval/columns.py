"""The columns of one segment: what filters read, as arrays that can be mapped from disk.

Rows are sorted by leaf, within it by popularity (highest first), then by product id: a category filter
is a few contiguous spans, and the most popular of a leaf stand at its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from catalog.products import Listing, any_size
from catalog.search import Filters
from retrieval.codec import encode_listing
from retrieval.filtering import UNISEX
from retrieval.index import APPEARANCE_WIDTH, VECTOR_WIDTH, IndexBuildError, Record

PRIME, AVAILABLE, ANY_SIZE = 1, 2, 4
_WORD_BITS = 64
_UNIT_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """n rows. The words behind the codes stand in `Words`; code 0 means that the product has none."""

    vectors: NDArray[np.float32]
    """(n, 128), unit rows."""
    appearance: NDArray[np.float32]
    """(n, 32)"""
    ids: NDArray[np.bytes_]
    """(n,) product ids in UTF-8."""
    by_id: NDArray[np.int64]
    """(n,) rows in the order of their ids."""
    price: NDArray[np.int64]
    popularity: NDArray[np.float64]
    flags: NDArray[np.uint8]
    """PRIME, AVAILABLE and ANY_SIZE."""
    colour: NDArray[np.uint16]
    gender: NDArray[np.uint16]
    concept: NDArray[np.uint16]
    sizes: NDArray[np.uint64]
    """(n, words): one bit a size."""
    offsets: NDArray[np.int64]
    """(n + 1,) where each listing starts in `blob`."""
    blob: NDArray[np.uint8]


ARRAYS = tuple(f.name for f in fields(Columns))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The vocabulary of a segment and the spans of its leaves."""

    leaves: Mapping[str, tuple[int, int]]
    """Leaf → first row and the row behind its last."""
    colours: Mapping[str, int]
    genders: Mapping[str, int]
    concepts: Mapping[str, int]
    sizes: Mapping[str, int]
    """Size → bit."""


def encode(records: Iterable[Record]) -> tuple[Columns, Words]:
    """The columns of the records, which may come in any order.

    Raises `IndexBuildError` naming the product whose vector or id cannot be indexed.
    """
    vectors, appearance, listings = bytearray(), bytearray(), []
    for record in records:
        _check(record)
        vectors += np.ascontiguousarray(record.vector, dtype=np.float32).tobytes()
        appearance += np.ascontiguousarray(record.appearance, dtype=np.float32).tobytes()
        listings.append(_Row.of(record.listing))
    order = sorted(range(len(listings)), key=lambda i: listings[i].sort_key)
    rows = [listings[i] for i in order]
    _check_distinct(rows)
    words = _words(rows)
    at = np.array(order, dtype=np.int64)
    ids = np.array([r.product_id.encode() for r in rows], dtype=np.bytes_)
    columns = Columns(
        vectors=np.frombuffer(vectors, np.float32).reshape(-1, VECTOR_WIDTH)[at],
        appearance=np.frombuffer(appearance, np.float32).reshape(-1, APPEARANCE_WIDTH)[at],
        ids=ids,
        by_id=np.argsort(ids, kind="stable").astype(np.int64),
        price=np.array([r.price for r in rows], np.int64),
        popularity=np.array([r.popularity for r in rows], np.float64),
        flags=np.array([r.flags for r in rows], np.uint8),
        colour=np.array([words.colours.get(r.colour or "", 0) for r in rows], np.uint16),
        gender=np.array([words.genders.get(r.gender or "", 0) for r in rows], np.uint16),
        concept=np.array([words.concepts[r.concept] for r in rows], np.uint16),
        sizes=_size_bits(rows, words.sizes),
        offsets=np.concatenate(([0], np.cumsum([len(r.encoded) for r in rows]))).astype(np.int64),
        blob=np.frombuffer(b"".join(r.encoded for r in rows), np.uint8),
    )
    return columns, words


def mask(columns: Columns, words: Words, span: slice, filters: Filters) -> NDArray[np.bool_] | None:
    """Which rows of the span pass, categories and excluded products aside; None: all of them."""
    parts = [
        *_price_masks(columns.price[span], filters),
        *_flag_masks(columns.flags[span], filters),
        *_word_masks(columns, words, span, filters),
    ]
    if filters.size is not None:
        asked = (filters.size, *filters.sizes_alike)
        parts.append(_size_mask(columns, words, span, asked))
    if not parts:
        return None
    passing = parts[0]
    for part in parts[1:]:
        passing &= part
    return passing


def _price_masks(price: NDArray[np.int64], filters: Filters) -> list[NDArray[np.bool_]]:
    low, high = filters.min_price_minor, filters.max_price_minor
    parts = [] if low is None else [price >= low]
    return parts if high is None else [*parts, price <= high]


def _flag_masks(flags: NDArray[np.uint8], filters: Filters) -> list[NDArray[np.bool_]]:
    """Of all flags asked for at once: at most one mask."""
    asked = [(PRIME, filters.prime), (AVAILABLE, filters.available)]
    bits = sum(bit for bit, wanted in asked if wanted is not None)
    set_ = sum(bit for bit, wanted in asked if wanted)
    return [(flags & bits) == set_] if bits else []


def _word_masks(
    columns: Columns, words: Words, span: slice, filters: Filters
) -> list[NDArray[np.bool_]]:
    genders = (*filters.genders, UNISEX) if filters.genders else ()
    asked = [
        (columns.colour, words.colours, filters.colours),
        (columns.gender, words.genders, genders),
        (columns.concept, words.concepts, filters.concepts),
    ]
    parts = []
    for codes, known, wanted in asked:
        if wanted:
            allowed = np.zeros(len(known) + 1, np.bool_)
            allowed[[known[word] for word in wanted if word in known]] = True
            parts.append(allowed[codes[span]])
    return parts


def _size_mask(
    columns: Columns, words: Words, span: slice, asked: tuple[str, ...]
) -> NDArray[np.bool_]:
    passing: NDArray[np.bool_] = (columns.flags[span] & ANY_SIZE) != 0
    for size in asked:
        if size in words.sizes:
            word, bit = divmod(words.sizes[size], _WORD_BITS)
            passing |= (columns.sizes[span, word] & np.uint64(1 << bit)) != 0
    return passing


@dataclass(frozen=True, slots=True)
class _Row:
    product_id: str
    category: str
    price: int
    popularity: float
    flags: int
    colour: str | None
    gender: str | None
    concept: str
    sizes: tuple[str, ...]
    encoded: bytes

    @classmethod
    def of(cls, listing: Listing) -> _Row:
        product, offer = listing.product, listing.offer
        flags = PRIME * offer.prime + AVAILABLE * offer.available + ANY_SIZE * any_size(offer.sizes)
        return cls(
            product.product_id, listing.category, offer.price.amount_minor, offer.popularity, flags,
            product.colour, product.gender, product.concept, offer.sizes, encode_listing(listing),
        )  # fmt: skip

    @property
    def sort_key(self) -> tuple[str, float, str]:
        return (self.category, -self.popularity, self.product_id)


def _check(record: Record) -> None:
    product_id = record.listing.product.product_id
    if not product_id or "\0" in product_id:
        raise IndexBuildError(f"product id {product_id!r} cannot be indexed; give it a plain name.")
    if record.vector.shape != (VECTOR_WIDTH,) or record.appearance.shape != (APPEARANCE_WIDTH,):
        raise IndexBuildError(
            f"product {product_id}: the vector has shape {record.vector.shape} and the appearance "
            f"{record.appearance.shape}; the index takes ({VECTOR_WIDTH},) and ({APPEARANCE_WIDTH},). "
            "Run souk catalog embed again."
        )
    length = float(np.linalg.norm(record.vector))
    if not abs(length - 1.0) < _UNIT_TOLERANCE:
        raise IndexBuildError(
            f"product {product_id}: the vector has length {length:.4g}, not 1. "
            "Run souk catalog embed again."
        )


def _check_distinct(rows: Sequence[_Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.product_id in seen:
            raise IndexBuildError(f"product {row.product_id} is listed twice in one marketplace.")
        seen.add(row.product_id)


def _words(rows: Sequence[_Row]) -> Words:
    leaves: dict[str, tuple[int, int]] = {}
    for i, row in enumerate(rows):
        leaves[row.category] = (leaves.get(row.category, (i, i))[0], i + 1)
    return Words(
        leaves=leaves,
        colours=_codes(r.colour for r in rows),
        genders=_codes(r.gender for r in rows),
        concepts=_codes(r.concept for r in rows),
        sizes={s: i for i, s in enumerate(sorted({s for r in rows for s in r.sizes}))},
    )


def _codes(words: Iterable[str | None]) -> dict[str, int]:
    return {word: i for i, word in enumerate(sorted({w for w in words if w is not None}), start=1)}


def _size_bits(rows: Sequence[_Row], sizes: Mapping[str, int]) -> NDArray[np.uint64]:
    bits = np.zeros((len(rows), max(1, -(-len(sizes) // _WORD_BITS))), np.uint64)
    for i, row in enumerate(rows):
        for size in row.sizes:
            word, bit = divmod(sizes[size], _WORD_BITS)
            bits[i, word] |= np.uint64(1 << bit)
    return bits
