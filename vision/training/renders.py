"""Pictures of furniture for training and for catalogues: every model from many sides, in many lights.

Needs Debian's `sweethome3d-furniture` beside what `vision.training.rendering` needs.
"""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from vision.training.corpus import MAKER
from vision.training.furnishings import MADE, furnishing
from vision.training.furniture_meshes import Piece, load_pieces, unpacked
from vision.training.furniture_models import FurnitureModel
from vision.training.rendering import Renderer, Shot

HANGING = frozenset(
    {"pendant_lamp", "wall_lamp", "lamp", "curtain", "picture_frame", "clock", "mirror", "towel"}
)
"""Concepts that stand on no floor: they throw no shadow under them and are seen from the front."""
LYING = frozenset({"rug", "bedding"})
"""Concepts that are looked at from above."""
STRAIGHT_FROM_ABOVE = 0.35
"""Of the views of what lies."""
FACING = HANGING | {
    "cushion", "throw", "chest_of_drawers", "bedside_table", "cabinet", "wardrobe", "shelf", "storage_box",
    "desk", "bed", "sofa", "armchair", "lungi", "mundu", "angavastram", "gamcha",
}  # fmt: skip
"""Concepts whose back no shop shows."""
FURNISHINGS_APART = 100_000
"""Between the furnishings of two seeds."""
COLUMNS = ("file", "concept", "model", "view", "names", "creator", "licence")


def random_shot(rng: Random, concept: str, view: int, views: int) -> Shot:
    """A view of its own: azimuths are spread over the circle, or over the front of what hangs."""
    spread = 70.0 if concept in HANGING else 360.0
    azimuth = spread * ((view + rng.uniform(0.15, 0.85)) / views) - (
        35.0 if concept in HANGING else 30.0
    )
    tone = rng.choice((255, 255, 255, rng.randint(226, 250)))
    tint = rng.randint(-6, 6)
    return Shot(
        azimuth=azimuth,
        elevation=rng.uniform(3, 14) if concept in HANGING else rng.uniform(6, 34),
        distance=rng.uniform(1.5, 2.2),
        field_of_view=rng.uniform(26, 40),
        light=(rng.uniform(-0.9, 0.9), rng.uniform(0.5, 1.0), rng.uniform(0.2, 0.9)),
        warmth=rng.uniform(-0.6, 0.8),
        exposure=rng.uniform(0.86, 1.14),
        ground=(tone, tone, tone)
        if tone == 255
        else (tone, tone - abs(tint) // 2, tone - max(0, tint)),
        shadow=rng.uniform(0.15, 0.5),
    )


def furnishing_shot(rng: Random, concept: str) -> Shot:
    """A view as shops show such a thing: from above what lies, from the front what has one."""
    if concept in LYING and rng.random() < STRAIGHT_FROM_ABOVE:
        azimuth, elevation = rng.choice((0, 0, 90)) + rng.gauss(0, 2), 90.0
    elif concept in LYING:
        elevation = rng.uniform(25, 90)
        azimuth = (
            rng.uniform(-50, 50)
            if elevation < 65
            else rng.choice((0, 0, 90, 45)) + rng.uniform(-8, 8)
        )
    elif concept in FACING:
        azimuth, elevation = rng.gauss(0, 26), rng.uniform(-2, 24)
    else:
        azimuth, elevation = rng.uniform(0, 360), rng.uniform(2, 34)
    drawn = random_shot(rng, concept, 0, 1)
    distance = rng.uniform(1.2, 1.6) if concept in LYING else rng.uniform(1.25, 2.0)
    return replace(drawn, azimuth=azimuth, elevation=elevation, distance=distance)


def write_renders(
    models: Sequence[FurnitureModel],
    out: Path,
    *,
    views: int,
    seed: int,
    side: int = 224,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """JPEGs and `renders.csv` under `out`; returns how many pictures were written.

    Pictures in which almost nothing is seen are left out. The same seed writes the same pictures.
    """
    with _studio(out, side) as studio:
        for number, model in enumerate(models):
            with unpacked(model) as obj, contextlib.suppress(ValueError):
                pieces = load_pieces(obj, model.rotation)
                rng = Random(f"{seed}/{model.id}")
                shots = (random_shot(rng, model.concept, view, views) for view in range(views))
                studio.take(pieces, shots, f"{number:03d}", _about(model))
            progress(number + 1)
    return len(studio.rows)


def write_furnishings(
    out: Path,
    *,
    each: int,
    views: int,
    seed: int,
    side: int = 224,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """As `write_renders`, `each` of what `furnishing` puts together of every kind; how many pictures."""
    made = [(concept, number) for concept in MADE for number in range(each)]
    with _studio(out, side) as studio:
        for done, (concept, number) in enumerate(made, start=1):
            pieces = furnishing(concept, seed * FURNISHINGS_APART + number)
            rng = Random(f"{seed}/{concept}/{number}")
            shots = (furnishing_shot(rng, concept) for _ in range(views))
            name = f"{concept}_{number:03d}"
            about = {"concept": concept, "model": name, "names": "{}",
                     "creator": MAKER, "licence": "Apache-2.0"}  # fmt: skip
            studio.take(pieces, shots, name, about)
            progress(done)
    return len(studio.rows)


class _Studio:
    """Takes pictures of one thing after the other, and keeps the list of them."""

    def __init__(self, renderer: Renderer, out: Path, side: int) -> None:
        self._renderer = renderer
        self._out = out
        self._side = side
        self.rows: list[dict[str, str]] = []

    def take(
        self, pieces: Sequence[Piece], shots: Iterable[Shot], stem: str, about: Mapping[str, str]
    ) -> None:
        """Every shot in which something is seen, as `<stem>_<view>.jpg`; `about` goes into its row."""
        standing = about["concept"] not in HANGING
        for view, shot in enumerate(shots):
            picture = self._renderer.render(pieces, shot, standing=standing)
            if nearly_blank(picture):
                continue
            name = f"{stem}_{view}.jpg"
            small = picture.resize((self._side, self._side), Image.Resampling.LANCZOS)
            small.save(self._out / name, quality=90)
            self.rows.append({"file": name, "view": str(view), **about})


@contextlib.contextmanager
def _studio(out: Path, side: int) -> Iterator[_Studio]:
    """Its rows are written when all pictures are taken."""
    out.mkdir(parents=True, exist_ok=True)
    with Renderer(side * 2) as renderer:
        studio = _Studio(renderer, out, side)
        yield studio
    write_rows(out / "renders.csv", studio.rows)


def nearly_blank(picture: Image.Image) -> bool:
    """True when less than two in a hundred pixels differ from the corner."""
    pixels = np.asarray(picture.resize((64, 64)), np.int16)
    return bool((np.abs(pixels - pixels[0, 0]).max(axis=2) > 12).mean() < 0.02)


def _about(model: FurnitureModel) -> dict[str, str]:
    return {
        "concept": model.concept,
        "model": model.id,
        "names": json.dumps(dict(model.names), ensure_ascii=False),
        "creator": model.creator,
        "licence": model.licence,
    }


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """The CSV appears whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)
