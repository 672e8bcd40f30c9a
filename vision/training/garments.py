"""Photos of single garments, named by hand and boxed by a first detector: self-training.

The label is the photo's own, so the kind is true; only the box is a guess, and it is marked as one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from catalog.concepts import ConceptTree
from catalog.search import Box
from vision.coarse import coarse_of
from vision.detector import Detector as Finder
from vision.networks import Floats
from vision.photos import Photo
from vision.training.archives import open_zip
from vision.training.backgrounds import read_rgb
from vision.training.detector_network import Detector, Exported
from vision.training.sprites import Splits, trained_rows
from vision.training.streets import Street

LEAST_AREA = 0.12
"""Share of the picture below which a guessed box is no garment that somebody laid out to show."""


def guessed_garments(
    network: Detector, data: Path, splits: Splits, tree: ConceptTree
) -> tuple[Street, ...]:
    """The trained garment photos in which the network finds one clear box."""
    finder = finder_of(network)
    table = data / "street" / "photos.csv"
    if not table.exists():
        return ()
    found: list[Street] = []
    with open_zip(table.parent / "images.zip") as images:
        for row in trained_rows(table, "street", splits):
            concepts = tree.labels["street"].concepts(row)
            kind = coarse_of(tree.ancestors(concepts[0])) if concepts else None
            if row["mask"] or kind is None:
                continue
            pixels = read_rgb(images, row["file"])
            box = _guess(finder, pixels)
            if box is not None:
                parts = boxed_part(pixels.shape[:2], box)
                found.append(
                    Street(id=row["id"], pixels=pixels, parts=parts, kinds=(kind,), exact=False)
                )
    return tuple(found)


def finder_of(network: Detector) -> Finder:
    """Serving's detector over a network that is still in torch."""
    exported = Exported(network).eval()

    def forward(planes: Floats) -> tuple[Floats, Floats]:
        with torch.no_grad():
            scores, distances = exported(torch.from_numpy(planes))
        return scores.numpy(), distances.numpy()

    return Finder(forward=forward)


def boxed_part(shape: tuple[int, ...], box: Box) -> NDArray[np.uint8]:
    """A map of parts that is 1 inside the box."""
    height, width = shape
    parts = np.zeros((height, width), dtype=np.uint8)
    parts[
        int(box.top * height) : round(box.bottom * height),
        int(box.left * width) : round(box.right * width),
    ] = 1
    return parts


def _guess(finder: Finder, pixels: NDArray[np.uint8]) -> Box | None:
    photo = Photo(pixels=pixels, width=pixels.shape[1], height=pixels.shape[0])
    real = [o for o in finder.detect(photo).objects if o.concept is not None]
    best = max(real, key=lambda o: o.confidence**0.5 * o.box.area, default=None)
    return best.box if best is not None and best.box.area >= LEAST_AREA else None
