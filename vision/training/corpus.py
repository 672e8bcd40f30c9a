"""What the networks are trained on: picture sources with their targets, drawn class- and brand-balanced."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.concepts import ConceptTree
from catalog.products import COLOURS, GENDERS
from vision.training.archives import open_zip
from vision.training.backgrounds import read_labels, read_rgb
from vision.training.masks import CutOut, cut_out
from vision.training.matting import cut_busy, cut_by
from vision.training.samples import Sample, read_pictures
from vision.training.views import Source, make_source

UNPREDICTED = frozenset({"shoes", "bag"})
"""Inner concepts that data sets name but nobody sells as such: the head answers below them."""

MAKER = "souk"
"""Creator of the things that souk puts together and renders itself."""
PART_LEAST = 0.02
"""Share of a street photo that a garment must cover to be a picture of its own."""


class Drawn(Protocol):
    """A drawn picture (RGBA) and whom the thing in it is for."""

    @property
    def image(self) -> Image.Image: ...
    @property
    def gender(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A picture to draw views of. `allowed` is over the classes; -1 where a colour or gender is unknown."""

    source: Source
    allowed: NDArray[np.bool_]
    colour: int
    gender: int
    key: str
    """Data set and label: what is balanced."""
    group: str


def predicted_classes(tree: ConceptTree) -> tuple[str, ...]:
    """The concepts that the head tells apart, in the tree's order.

    They are the leaves, and the inner ones that a data label names alone, save UNPREDICTED.
    """
    inner = {c.parent for c in tree.concepts.values()}
    named = {
        row.concepts[0]
        for labels in tree.labels.values()
        for row in labels.rows
        if len(row.concepts) == 1
    }
    return tuple(
        c for c in tree.concepts if (c not in inner or c in named) and c not in UNPREDICTED
    )


def allowed_mask(
    concepts: Iterable[str], tree: ConceptTree, classes: Sequence[str]
) -> NDArray[np.bool_]:
    """Which classes answer a label: its concepts and everything below them. Shape (classes,)."""
    wanted = tuple(concepts)
    return np.array([tree.meets(c, wanted) for c in classes], dtype=bool)


def sample_items(
    data: Path,
    samples: Sequence[Sample],
    tree: ConceptTree,
    classes: Sequence[str],
    *,
    cut_photos: bool,
) -> list[Item]:
    """One item per sample whose picture exists; `cut_photos`: also off busy backgrounds, 0.2 s each."""
    pictures = read_pictures(data, samples)
    return [
        _item(samples[i], pictures[i], tree, classes, cut_photos=cut_photos)
        for i in sorted(pictures)
    ]


def part_items(
    data: Path,
    samples: Sequence[Sample],
    tree: ConceptTree,
    classes: Sequence[str],
    *,
    cut_photos: bool,
) -> list[Item]:
    """Each masked garment of the given street photos as a crop with some surrounding."""
    street = data / "street"
    if not (street / "ccp_masks.zip").exists():
        return []
    names = dict(
        line.split("\t") for line in (street / "ccp_labels.txt").read_text().splitlines() if line
    )
    labels = tree.labels["street"]
    items = []
    with (
        open_zip(street / "images.zip") as images,
        open_zip(street / "ccp_masks.zip") as masks,
    ):
        known = set(masks.namelist())
        for sample in samples:
            mask_name = f"{sample.id}.png"
            if sample.dataset != "street" or mask_name not in known:
                continue
            pixels, mask = read_rgb(images, sample.file), read_labels(masks, mask_name)
            for value in np.unique(mask):
                row = {labels.column: names.get(str(int(value)), ""), "source": "CCP"}
                concepts = labels.concepts(row)
                seen = mask == value
                if not concepts or seen.mean() < PART_LEAST:
                    continue
                items.append(
                    Item(
                        source=make_source(
                            _around(pixels, seen), cut_by(pixels, seen) if cut_photos else None
                        ),
                        allowed=allowed_mask(concepts, tree, classes),
                        colour=-1,
                        gender=-1,
                        key=f"part:{concepts[0]}",
                        group=sample.id,
                    )
                )
    return items


def drawn_items(
    draw: Callable[[str, int], Drawn],
    concepts: Sequence[str],
    tree: ConceptTree,
    classes: Sequence[str],
    *,
    each: int,
    seed: int,
) -> list[Item]:
    """`each` drawn pictures (RGBA) of every concept; half of the seeds serve as brands."""
    items = []
    for concept in concepts:
        for index in range(each):
            picture = draw(concept, seed + index)
            rgba = np.asarray(picture.image.convert("RGBA"))
            item = _cut_item(rgba, concept, "drawn", tree, classes)
            items.append(replace(item, gender=GENDERS.index(picture.gender)))
    return items


def rendered_items(
    folder: Path, table: Path, tree: ConceptTree, classes: Sequence[str]
) -> list[Item]:
    """Rendered things: a CSV with file, concept and, where known, creator; RGBA, or on a plain background.

    What souk put together itself is a data set of its own, `made`: its things are many and alike.
    """
    items = []
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["concept"] not in tree.concepts:
                continue
            dataset = "made" if row.get("creator") == MAKER else "render"
            with Image.open(folder / row["file"]) as image:
                image.thumbnail((224, 224))
                rgba = np.asarray(image.convert("RGBA"))
            if rgba[..., 3].min() == 255:
                source = make_source(rgba[..., :3], cut_out(rgba[..., :3]))
                items.append(_made(source, row["concept"], dataset, tree, classes))
            else:
                items.append(_cut_item(rgba, row["concept"], dataset, tree, classes))
    return items


def draw_weights(items: Sequence[Item], boosts: Mapping[str, float]) -> NDArray[np.float64]:
    """How often each item is drawn; sums to 1.

    By the square root of its class's size, and inside the class of its brand's; `boosts` multiply by
    the part of the key before or after the colon.
    """
    sizes = Counter(item.key for item in items)
    groups = Counter((item.key, item.group) for item in items)
    roots: dict[str, float] = {}
    for (key, _), count in groups.items():
        roots[key] = roots.get(key, 0.0) + count**0.5
    weights = np.empty(len(items))
    for i, item in enumerate(items):
        size, own = sizes[item.key], groups[item.key, item.group]
        dataset, label = item.key.split(":", 1)
        boost = boosts.get(dataset, 1.0) * boosts.get(label, 1.0)
        weights[i] = boost * size**0.5 * (own**0.5 / roots[item.key]) / own
    return np.asarray(weights / weights.sum())


def _item(
    sample: Sample,
    pixels: NDArray[np.uint8],
    tree: ConceptTree,
    classes: Sequence[str],
    *,
    cut_photos: bool,
) -> Item:
    return Item(
        source=make_source(pixels, _cut(sample, pixels, busy=cut_photos)),
        allowed=allowed_mask(sample.concepts, tree, classes),
        colour=COLOURS.index(sample.colour) if sample.colour else -1,
        gender=GENDERS.index(sample.gender) if sample.gender in GENDERS else -1,
        key=f"{sample.dataset}:{'|'.join(sample.concepts)}",
        group=sample.group,
    )


def _cut(sample: Sample, pixels: NDArray[np.uint8], *, busy: bool) -> CutOut | None:
    """Off a plain background; with `busy`, where shoppers took the photo, off a busy one."""
    # A person in a street has no frame of background around: their garments come as parts.
    if sample.dataset == "street" and (sample.mask or not busy):
        return None
    cut = cut_out(pixels)
    return cut_busy(pixels) if cut is None and busy and sample.dataset != "catalog" else cut


def _cut_item(
    rgba: NDArray[np.uint8], concept: str, made: str, tree: ConceptTree, classes: Sequence[str]
) -> Item:
    alpha = rgba[..., 3]
    rows, columns = np.flatnonzero((alpha > 64).any(1)), np.flatnonzero((alpha > 64).any(0))
    cut = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    cover = rgba[..., 3:].astype(np.float32) / 255
    white = (rgba[..., :3] * cover + 255 * (1 - cover)).astype(np.uint8)
    return _made(Source(pixels=white, cut=cut), concept, made, tree, classes)


def _made(
    source: Source, concept: str, made: str, tree: ConceptTree, classes: Sequence[str]
) -> Item:
    return Item(
        source=source,
        allowed=allowed_mask((concept,), tree, classes),
        colour=-1,
        gender=-1,
        key=f"{made}:{concept}",
        group=made,
    )


def _around(pixels: NDArray[np.uint8], seen: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The box of the mask with a tenth of surrounding on each side."""
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    top, left = max(0, rows[0] - tall // 10), max(0, columns[0] - wide // 10)
    return pixels[top : rows[-1] + 1 + tall // 10, left : columns[-1] + 1 + wide // 10].copy()
