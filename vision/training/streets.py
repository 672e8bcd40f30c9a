"""Real street pictures with the boxes of their garments, cropped and lit anew each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.training.archives import open_zip
from vision.training.backgrounds import read_labels, read_rgb
from vision.training.light import lit, photographed
from vision.training.scenes import Canvas, Scene
from vision.training.sprites import Splits, Sprite, person, trained_rows

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A whole picture with the parts of its person, as in `Sprite`."""

    id: str
    pixels: Pixels
    parts: Pixels
    kinds: tuple[str, ...]
    exact: bool = True
    """Whether the parts are masks by hand, not boxes that a network guessed."""


def load_streets(data: Path, splits: Splits, split: str = "train") -> Iterator[Street]:
    """The labelled street pictures of one split."""
    street = data / "street"
    if not (street / "ccp_masks.zip").exists():
        return
    with (
        open_zip(street / "images.zip") as images,
        open_zip(street / "ccp_masks.zip") as masks,
    ):
        for row in trained_rows(street / "photos.csv", "street", splits, split):
            if row["mask"]:
                pixels, labels = read_rgb(images, row["file"]), read_labels(masks, row["mask"])
                yield street_of(row["id"], pixels, labels)


def street_of(name: str, pixels: Pixels, labels: Pixels) -> Street:
    sprite = person(pixels, labels)
    rows, columns = np.flatnonzero((labels > 0).any(1)), np.flatnonzero((labels > 0).any(0))
    parts = np.zeros_like(labels)
    parts[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = sprite.parts
    return Street(id=name, pixels=pixels, parts=parts, kinds=sprite.kinds)


def street_scene(street: Street, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
    """The picture whole or a part of it, mirrored at random, at `size` (width, height)."""
    height, width = street.parts.shape
    box = _part(rng, (width, height), size[0] / size[1])
    pixels = Image.fromarray(street.pixels).resize(size, Image.Resampling.BILINEAR, box=box)
    parts = np.asarray(
        Image.fromarray(street.parts).resize(size, Image.Resampling.NEAREST, box=box)
    )
    rgb = photographed(lit(np.asarray(pixels), rng), rng)
    if rng.random() < 0.5:
        rgb, parts = rgb[:, ::-1], parts[:, ::-1]
    canvas = Canvas.on(np.zeros_like(rgb))
    opaque = np.full(parts.shape, 255, dtype=np.uint8)
    canvas.paste(Sprite(rgb=rgb, alpha=opaque, parts=parts, kinds=street.kinds), 0, 0)
    whole = [int((street.parts == i + 1).sum()) for i in range(len(street.kinds))]
    area = (box[2] - box[0]) * (box[3] - box[1]) / (size[0] * size[1])
    canvas.masks = [
        (kind, mask, int(whole[i] / area * 0.25))
        for i, kind in enumerate(street.kinds)
        if (mask := parts == i + 1).any()
    ]
    objects = tuple(replace(found, exact=street.exact) for found in canvas.objects())
    return Scene(pixels=np.ascontiguousarray(rgb), objects=objects, made="street")


def _part(
    rng: np.random.Generator, size: tuple[int, int], aspect: float
) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a part of about the wanted aspect; half the time nearly all."""
    width, height = size
    share = rng.uniform(0.85, 1.0) if rng.random() < 0.5 else rng.uniform(0.35, 0.85)
    aspect *= float(np.exp(rng.normal(0, 0.12)))
    part_height = min(height * share, width / aspect)
    part_width = min(width, part_height * aspect)
    left = rng.uniform(0, width - part_width)
    top = rng.uniform(0, height - part_height)
    return left, top, left + part_width, top + part_height
