"""Signed, expiring cursors: they carry the query itself, so any host and worker can go on.

A cursor holds what was seen (vector, appearance, prediction), what was asked (filters, sort) and
where the next page starts. It belongs to one marketplace and one index version.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from itsdangerous import BadSignature, URLSafeSerializer
from numpy.typing import NDArray
from pydantic import TypeAdapter

from catalog.search import WHOLE, Box, DetectedObject, Filters, Look, Prediction, Sort
from catalog.size_tables import sizes_alike
from retrieval.index import After
from service.pipeline import MARK_BYTES, Place, Query
from service.problems import Problem

LIFETIME_S = 3600
"""An hour of turning pages; then the search is made anew."""

_SALT = "souk.cursor.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a paged search stands."""

    query_id: str
    """Of the first page: all pages are one query to events and experiments."""
    marketplace: str
    index: str
    rules: str
    place: Place
    query: Query
    filters: Filters
    sort: Sort
    asked_at: datetime
    """The first page's clock: scheduled rules do not switch between pages."""
    region: str | None = None


_FILTERS_READER = TypeAdapter(Filters)


def sign_cursor(cursor: Cursor, secret: str, now: datetime) -> str:
    """URL-safe text, signed with the secret that all workers share; it lives an hour from `now`."""
    return str(_serializer(secret).dumps({**_document(cursor), "w": round(now.timestamp())}))


def open_cursor(text: str, secret: str, marketplace: str, index: str, now: datetime) -> Cursor:
    """The cursor, or Problem `invalid-cursor` saying whether it was altered, old or elsewhere's.

    A clock that was put back makes cursors of the future: for an hour they stay good, as old ones do.
    """
    try:
        document = _serializer(secret).loads(text)
    except BadSignature:
        raise Problem("invalid-cursor", "This cursor was not made here or was altered.") from None
    if abs(now.timestamp() - _float(document["w"])) > LIFETIME_S:
        raise Problem("invalid-cursor", "This cursor is older than an hour.")
    cursor = _cursor(document)
    if cursor.marketplace != marketplace:
        raise Problem(
            "invalid-cursor", f"This cursor belongs to marketplace {cursor.marketplace!r}."
        )
    if cursor.index != index:
        raise Problem("invalid-cursor", "The index was rebuilt since the first page.")
    return cursor


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)


def _document(cursor: Cursor) -> dict[str, object]:
    look, prediction, filters = cursor.query.look, cursor.query.prediction, cursor.filters
    return {
        "n": cursor.query_id,
        "m": cursor.marketplace,
        "i": cursor.index,
        "r": cursor.rules,
        "g": cursor.region,
        "o": [_marks(cursor.place.shown), *_after_document(cursor.place.after)],
        "t": cursor.asked_at.isoformat(),
        "s": cursor.sort.value,
        "v": _packed(look.vector),
        "a": _packed(look.appearance),
        "c": dict(look.colours),
        "p": [
            prediction.category,
            prediction.confidence,
            prediction.concept,
            dict(prediction.concepts),
            dict(prediction.categories),
            prediction.abstained,
        ],
        "q": cursor.query.product_id,
        "f": {name: getattr(filters, name) for name in _FILTERS if getattr(filters, name)},
    }


_FILTERS = (
    "categories",
    "concepts",
    "min_price_minor",
    "max_price_minor",
    "size",
    "prime",
    "available",
    "colours",
    "genders",
    "exclude_products",
)


def _cursor(document: Mapping[str, object]) -> Cursor:
    """The signature is checked: what is inside was written by `_document`."""
    read = _Reader(document)
    category, confidence, concept, concepts, categories, abstained = read.sequence("p")
    prediction = Prediction(
        category=str(category),
        confidence=_float(confidence),
        concept=str(concept),
        concepts=_shares(concepts),
        categories=_shares(categories),
        abstained=bool(abstained),
    )
    look = Look(
        box=WHOLE,
        vector=_unpacked(read.text("v")),
        features=np.zeros(0, dtype=np.float32),
        appearance=_unpacked(read.text("a")),
        colours=_shares(document["c"]),
    )
    product, region = document.get("q"), document.get("g")
    return Cursor(
        query_id=read.text("n"),
        marketplace=read.text("m"),
        index=read.text("i"),
        rules=read.text("r"),
        place=_place(read.text("m"), read.sequence("o")),
        asked_at=datetime.fromisoformat(read.text("t")),
        region=str(region) if region is not None else None,
        sort=Sort(read.text("s")),
        filters=_filters(read.text("m"), document["f"]),
        query=Query(
            objects=(),
            focus=DetectedObject(id=0, box=Box(0.0, 0.0, 1.0, 1.0), confidence=1.0),
            look=look,
            neighbours=(),
            prediction=prediction,
            product_id=str(product) if product is not None else None,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Mapping[str, object]

    def text(self, key: str) -> str:
        return str(self.document[key])

    def sequence(self, key: str) -> list[object]:
        value = self.document[key]
        return list(value) if isinstance(value, list) else []


def _after_document(after: After | None) -> list[object]:
    return [] if after is None else [after.score, after.product_id, after.depth]


def _place(marketplace: str, values: list[object]) -> Place:
    shown = _shown(str(values[0]))
    if len(values) == 1:
        return Place(after=None, shown=shown)
    after = After(
        marketplace=marketplace,
        score=_float(values[1]),
        product_id=str(values[2]),
        depth=int(_float(values[3])),
    )
    return Place(after=after, shown=shown)


def _marks(shown: frozenset[int]) -> str:
    """Sorted, so that the same page has the same cursor."""
    packed = b"".join(mark.to_bytes(MARK_BYTES, "big") for mark in sorted(shown))
    return base64.urlsafe_b64encode(packed).decode()


def _shown(text: str) -> frozenset[int]:
    packed = base64.urlsafe_b64decode(text)
    return frozenset(
        int.from_bytes(packed[start : start + MARK_BYTES], "big")
        for start in range(0, len(packed), MARK_BYTES)
    )


def _filters(marketplace: str, document: object) -> Filters:
    values = dict(document) if isinstance(document, dict) else {}
    found = _FILTERS_READER.validate_python({"marketplace": marketplace, **values})
    return replace(found, sizes_alike=sizes_alike(found.size) if found.size else ())


def _shares(value: object) -> dict[str, float]:
    return {str(k): _float(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _packed(vector: NDArray[np.float32]) -> str:
    return base64.urlsafe_b64encode(vector.astype("<f4").tobytes()).decode()


def _unpacked(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.urlsafe_b64decode(text), dtype="<f4").astype(np.float32)
