"""Bulk changes as JSON lines: each line is answered, a refused one never holds up the others.

A line is an object of `catalog.product_json` (new product, changed fields, new or changed offers),
or {"product_id": "…", "delete": true}, or {"product_id": "…", "withdraw": ["us"]}. `picture` names a
file beside the lines, where the caller offers such files. The same lines again change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from catalog.concepts import ConceptTree
from catalog.database import Write
from catalog.offer_writes import mark
from catalog.pictures import PictureError, PictureSource, PictureStore
from catalog.product_json import LineError, merge_offer, merge_product
from catalog.products import Offer
from catalog.row_reading import MAX_ID, sentence
from catalog.store import CatalogStore

BATCH = 250
MAX_LINE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """What became of one line."""

    line: int
    product_id: str | None
    status: str
    """created, updated, unchanged, deleted, absent (nothing to delete) or refused."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkWriter:
    """Applies lines to a catalogue."""

    store: CatalogStore
    concepts: ConceptTree
    currencies: Mapping[str, str]
    """By marketplace."""
    pictures: PictureStore
    source: PictureSource | None = None
    """Where `picture` is read from; None: lines may not bring pictures."""

    def apply(self, lines: Iterable[bytes]) -> Iterator[LineAnswer]:
        """Answers in order. What was answered is on disk: BATCH lines share a transaction."""
        numbered = (item for item in enumerate(lines, start=1) if item[1].strip())
        while batch := list(islice(numbered, BATCH)):
            with self.store.database.write() as write:
                answers = [self._apply(write, number, data) for number, data in batch]
            yield from answers

    def _apply(self, write: Write, number: int, data: bytes) -> LineAnswer:
        product_id = None
        try:
            document = _document(data)
            product_id = _product_id(document)
            status = self._change(write, product_id, document)
        except (LineError, PictureError) as error:
            return LineAnswer(
                line=number, product_id=product_id, status="refused", reason=sentence(str(error))
            )
        return LineAnswer(line=number, product_id=product_id, status=status)

    def _change(self, write: Write, product_id: str, document: dict[str, Any]) -> str:
        if document.pop("delete", False):
            return "deleted" if self.store.delete_in(write, product_id) else "absent"
        withdraw = _marketplaces(document.pop("withdraw", []))
        known = self.store.product(product_id)
        stated = document.pop("offers", None)
        picture = document.pop("picture", None)
        product = merge_product(document, known, self.concepts)
        offers = self._offers(product_id, stated)
        if stated is not None and "generated" not in document:
            product = replace(product, generated=False)
        if picture is not None:
            product = replace(product, image=self._keep(picture))
        elif product.image is not None and not self._kept(product.image):
            raise LineError(f"image {product.image!r} is not in the picture store")
        changed = self.store.upsert_in(write, (product,), {product_id: offers})
        changed += _withdraw(write, product_id, withdraw)
        if known is None:
            return "created"
        return "updated" if changed else "unchanged"

    def _offers(self, product_id: str, stated: object) -> tuple[Offer, ...]:
        if stated is None:
            return ()
        if not isinstance(stated, list) or not all(isinstance(item, dict) for item in stated):
            raise LineError("offers must be a list of objects")
        known = {offer.marketplace: offer for offer in self.store.offers(product_id)}
        return tuple(
            merge_offer(item, known.get(item.get("marketplace", "")), self.currencies)
            for item in stated
        )

    def _keep(self, picture: object) -> str:
        if self.source is None or not isinstance(picture, str):
            raise LineError("picture cannot be read here; import it first and write its image")
        data = self.source.read(picture)
        if data is None:
            raise LineError(f"picture {picture!r} is not there")
        return self.pictures.put(data)

    def _kept(self, image: str) -> bool:
        try:
            return self.pictures.path(image).is_file()
        except FileNotFoundError:
            return False


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_LINE:
        raise LineError(f"the line has {len(data):,} bytes, more than {MAX_LINE:,}")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise LineError(f"this is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise LineError("this is no JSON object")
    return document


def _product_id(document: Mapping[str, Any]) -> str:
    product_id = document.get("product_id")
    if (
        not isinstance(product_id, str)
        or not 0 < len(product_id) <= MAX_ID
        or not product_id.isprintable()
        or "/" in product_id
    ):
        raise LineError(
            f"product_id is {str(product_id)[:40]!r}; write a text of 1 to {MAX_ID} letters without '/'"
        )
    return product_id


def _marketplaces(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(m, str) for m in value):
        raise LineError('withdraw must be a list of marketplaces, such as ["us"]')
    return tuple(value)


def _withdraw(write: Write, product_id: str, marketplaces: tuple[str, ...]) -> int:
    gone = 0
    for marketplace in marketplaces:
        gone += write.connection.execute(
            "DELETE FROM offers WHERE marketplace = ? AND product_id = ?", (marketplace, product_id)
        ).rowcount
    if gone:
        mark(write, (product_id,))
    return gone
