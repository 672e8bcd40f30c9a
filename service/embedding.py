"""Embedding a catalogue: pictures stream through the networks, decoded ahead in a thread of their own.

What was embedded is on disk batch by batch, so that a run which was stopped goes on where it was; a
picture that cannot be read is remembered with its reason and not tried again by the same model.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from catalog.pictures import PictureStore
from catalog.products import Product
from catalog.search import Look
from catalog.store import CatalogStore
from vision.photos import Photo, PhotoError, decode_photo

BATCH = 32
AHEAD = 3
"""Batches that are decoded while the networks work."""


class Embedder(Protocol):
    """What `vision.models.VisionModels` offers here."""

    @property
    def version(self) -> str: ...

    def looks(self, photos: Sequence[Photo]) -> list[Look]:
        """The look of each whole photo, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingSummary:
    """What one run did."""

    model: str
    embedded: int
    unusable: int
    """Pictures that could not be read; `souk catalog stats` counts them too."""


@dataclass(frozen=True, slots=True)
class _Decoded:
    product: Product
    photo: Photo | None
    reason: str = ""


def embed_catalogue(
    store: CatalogStore,
    models: Embedder,
    pictures: PictureStore,
    on_products: Callable[[int], None] = lambda _: None,
) -> EmbeddingSummary:
    """Give every product with a picture a vector of this model, and stop when none lacks one."""
    embedded = unusable = 0
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode") as threads:
        for batch in _decoded_ahead(store, models.version, pictures, threads):
            good = [(d.product, d.photo) for d in batch if d.photo is not None]
            bad = {d.product.product_id: d.reason for d in batch if d.photo is None}
            if good:
                _keep(store, models, [p for p, _ in good], [photo for _, photo in good])
            if bad:
                store.set_unusable(bad, models.version)
            embedded += len(good)
            unusable += len(bad)
            on_products(len(batch))
    return EmbeddingSummary(model=models.version, embedded=embedded, unusable=unusable)


def _keep(
    store: CatalogStore, models: Embedder, products: Sequence[Product], photos: Sequence[Photo]
) -> None:
    looks = models.looks(photos)
    rows = [
        (product.product_id, look.vector, look.appearance)
        for product, look in zip(products, looks, strict=True)
    ]
    images = {product.product_id: product.image or "" for product in products}
    store.set_vectors(rows, models.version, images)


def _decoded_ahead(
    store: CatalogStore, version: str, pictures: PictureStore, threads: ThreadPoolExecutor
) -> Iterator[list[_Decoded]]:
    waiting: deque[Future[list[_Decoded]]] = deque()
    for batch in _batches(store, version):
        waiting.append(threads.submit(_decode_all, batch, pictures))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _batches(store: CatalogStore, version: str) -> Iterator[list[Product]]:
    products = _lacking(store, version)
    while batch := list(islice(products, BATCH)):
        yield batch


def _lacking(store: CatalogStore, version: str) -> Iterator[Product]:
    after = ""
    while page := store.lacking_vectors(version, after=after):
        yield from page
        after = page[-1].product_id


def _decode_all(products: Sequence[Product], pictures: PictureStore) -> list[_Decoded]:
    return [_decode(product, pictures) for product in products]


def _decode(product: Product, pictures: PictureStore) -> _Decoded:
    try:
        data = pictures.path(product.image or "").read_bytes()
        return _Decoded(product, decode_photo(data))
    except FileNotFoundError:
        return _Decoded(product, None, f"{product.image} is not in the picture store")
    except PhotoError as error:
        return _Decoded(product, None, str(error))
