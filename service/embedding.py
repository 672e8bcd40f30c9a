"""Embedding a catalogue: pictures stream through the networks, decoded ahead in a thread of their own.

What was embedded is on disk batch by batch, so that a run which was stopped goes on where it was; a
picture that cannot be read is remembered with its reason and not tried again by the same model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, tee
from typing import Protocol

from catalog.pictures import PictureStore
from catalog.processes import started_ahead
from catalog.products import Product
from catalog.search import Look
from catalog.store import CatalogStore
from vision.photos import Photo, PhotoError, decode_photo

BATCH = 32
AHEAD = 3
"""Batches that are decoded while the networks work."""

Images = Sequence[str]
"""Names in the picture store."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the networks make of one picture, or why they cannot."""

    look: Look | None
    reason: str = ""


SeeAll = Callable[[Iterable[Images]], Iterator[list[Seen]]]
"""Batch by batch, in order; batches are taken as the results are read."""


def embed_catalogue(
    store: CatalogStore,
    models: Embedder,
    pictures: PictureStore,
    on_products: Callable[[int], None] = lambda _: None,
) -> EmbeddingSummary:
    """Give every product with a picture a vector of this model, and stop when none lacks one."""
    with seeing(models, pictures) as see_all:
        return embed_with(see_all, store, models.version, on_products)


@contextmanager
def seeing(models: Embedder, pictures: PictureStore) -> Iterator[SeeAll]:
    """In this process, and a thread that decodes ahead."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode") as threads:

        def decode(images: Images) -> Future[list[Photo | str]]:
            return threads.submit(_decode_all, pictures, images)

        def see_all(batches: Iterable[Images]) -> Iterator[list[Seen]]:
            for decoded in started_ahead(decode, batches, AHEAD):
                yield _see(models, decoded.result())

        yield see_all


def embed_with(
    see_all: SeeAll,
    store: CatalogStore,
    model: str,
    on_products: Callable[[int], None] = lambda _: None,
) -> EmbeddingSummary:
    """As `embed_catalogue`, whoever looks at the pictures; what came back is kept batch by batch."""
    asked, batches = tee(_batches(store, model))
    images = ([product.image or "" for product in batch] for batch in asked)
    embedded = unusable = 0
    for seen, batch in zip(see_all(images), batches, strict=True):
        bad = _keep(store, model, batch, seen)
        embedded += len(batch) - bad
        unusable += bad
        on_products(len(batch))
    return EmbeddingSummary(model=model, embedded=embedded, unusable=unusable)


def see(models: Embedder, pictures: PictureStore, images: Images) -> list[Seen]:
    """One batch of pictures of the store, in order."""
    return _see(models, _decode_all(pictures, images))


def _see(models: Embedder, photos: Sequence[Photo | str]) -> list[Seen]:
    good = [photo for photo in photos if not isinstance(photo, str)]
    looks = iter(models.looks(good) if good else ())
    return [
        Seen(look=None, reason=photo) if isinstance(photo, str) else Seen(look=next(looks))
        for photo in photos
    ]


def _keep(store: CatalogStore, model: str, batch: Sequence[Product], seen: Sequence[Seen]) -> int:
    """Write the vectors; returns how many pictures could not be read."""
    both = list(zip(batch, seen, strict=True))
    rows = [(p.product_id, s.look.vector, s.look.appearance) for p, s in both if s.look is not None]
    bad = {product.product_id: one.reason for product, one in both if one.look is None}
    if rows:
        store.set_vectors(rows, model, {p.product_id: p.image or "" for p in batch})
    if bad:
        store.set_unusable(bad, model)
    return len(bad)


def _batches(store: CatalogStore, version: str) -> Iterator[list[Product]]:
    products = _lacking(store, version)
    while batch := list(islice(products, BATCH)):
        yield batch


def _lacking(store: CatalogStore, version: str) -> Iterator[Product]:
    after = ""
    while page := store.lacking_vectors(version, after=after):
        yield from page
        after = page[-1].product_id


def _decode_all(pictures: PictureStore, images: Images) -> list[Photo | str]:
    return [_decode(pictures, image) for image in images]


def _decode(pictures: PictureStore, image: str) -> Photo | str:
    """The photo, or why there is none."""
    try:
        return decode_photo(pictures.path(image).read_bytes())
    except FileNotFoundError:
        return f"{image} is not in the picture store"
    except PhotoError as error:
        return str(error)
