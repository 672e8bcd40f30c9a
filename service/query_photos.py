"""Photos that ask: labelled pictures of a data folder, as they are, or made into snapshots.

A query is a picture and nothing else; its truth stands beside it, for grading only. Catalogue rows
carry colour, gender and occasion; other sets know the concept alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.concepts import ConceptTree
from ranking.grades import Truth
from service.evaluation.labelled import LabelledPhoto, labelled_photos
from vision.photos import DEFAULT_LIMITS, Photo, PhotoError, decode_photo

DATASETS = ("catalog", "street", "ethnic_extra", "street_ethnic", "home")
"""What a data folder may hold, in the order of asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPhoto:
    """One picture that asks. `item_id` is its id in the data set; it never answers itself."""

    dataset: str
    item_id: str
    truth: Truth
    photo: Photo

    @property
    def query_id(self) -> str:
        return f"{self.dataset}:{self.item_id}"


def query_photos(
    data: Path,
    concepts: ConceptTree,
    datasets: Collection[str] = DATASETS,
    only: Collection[tuple[str, str]] | None = None,
) -> Iterator[QueryPhoto]:
    """Every labelled, readable picture of the folder; `only` restricts to (data set, id)."""
    for labelled in labelled_photos(data, concepts, datasets, only):
        try:
            photo = decode_photo(labelled.photo, DEFAULT_LIMITS)
        except PhotoError:
            continue
        yield QueryPhoto(
            dataset=labelled.dataset,
            item_id=labelled.id,
            truth=truth_of(labelled, concepts),
            photo=photo,
        )


def truth_of(labelled: LabelledPhoto, concepts: ConceptTree) -> Truth:
    """An inner concept of the label is met by all that stands below it."""
    below = [c for kind in labelled.concepts for c in concepts.below(kind)]
    return Truth(
        concepts=tuple(dict.fromkeys(below)),
        colour=labelled.colour,
        gender=labelled.gender,
        occasion=labelled.occasion,
    )


def snapshot(
    photo: Photo, background: NDArray[np.uint8], rng: np.random.Generator, size: int = 224
) -> Photo | None:
    """The thing of a studio picture in a strange place; None where it cannot be cut out."""
    # Offline only: serving never imports vision.training.
    from vision.training.composites import composite_crop  # noqa: PLC0415
    from vision.training.masks import cut_out  # noqa: PLC0415

    thing = cut_out(photo.pixels)
    if thing is None:
        return None
    pixels = composite_crop(thing.rgb, thing.alpha, background, rng, size)
    return Photo(pixels=pixels, width=size, height=size)


def crop(photo: Photo, rng: np.random.Generator) -> Photo:
    """A part of the picture, 60 to 90 % of each side, as a hand draws a box."""
    height, width = photo.pixels.shape[:2]
    share = rng.uniform(0.6, 0.9)
    tall, wide = max(16, int(height * share)), max(16, int(width * share))
    tall, wide = min(tall, height), min(wide, width)
    top, left = int(rng.integers(height - tall + 1)), int(rng.integers(width - wide + 1))
    pixels = photo.pixels[top : top + tall, left : left + wide]
    return Photo(pixels=np.ascontiguousarray(pixels), width=wide, height=tall)
