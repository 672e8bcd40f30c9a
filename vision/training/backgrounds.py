"""What stands behind the things in composites: streets without their people, houses, textures.

Invariants: everything is drawn from the given generator, so a seed gives the same picture again;
no picture that is for measuring only (the IKEA rooms) is ever read.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.training.archives import open_zip
from vision.training.splits import Split

Pixels = NDArray[np.uint8]
Size = tuple[int, int]
"""Width, height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backgrounds:
    """Pictures without anything to detect, and the generator of textures."""

    pictures: tuple[Pixels, ...]

    def draw(self, rng: np.random.Generator, size: Size) -> Pixels:
        """A background of exactly `size`: half pictures, the rest textures and plain walls."""
        kind = rng.random()
        if kind < 0.5 and self.pictures:
            return crop_to(self.pictures[int(rng.integers(len(self.pictures)))], rng, size)
        return plain(rng, size) if kind > 0.88 else texture(rng, size)


def load_backgrounds(data: Path, splits: Mapping[tuple[str, str], Split]) -> Backgrounds:
    """Trained street pictures with their people mirrored away, and the house photos."""
    pictures: list[Pixels] = []
    street = data / "street"
    if (street / "ccp_masks.zip").exists():
        with (
            open_zip(street / "images.zip") as images,
            open_zip(street / "ccp_masks.zip") as masks,
        ):
            for row in _rows(street / "photos.csv"):
                split = splits.get(("street", row["id"]))
                if row["mask"] and split is not None and split.product == "train":
                    pixels, labels = read_rgb(images, row["file"]), read_labels(masks, row["mask"])
                    pictures.append(without_people(pixels, labels > 0))
    houses = data / "backgrounds"
    if (houses / "images.zip").exists():
        with open_zip(houses / "images.zip") as images:
            # A bed is furniture: unnamed in a background, it would teach that beds are nothing.
            names = [n for n in images.namelist() if n.startswith("house_") and "bedroom" not in n]
            pictures += [read_rgb(images, name) for name in sorted(names)]
    return Backgrounds(pictures=tuple(pictures))


def without_people(pixels: Pixels, person: NDArray[np.bool_]) -> Pixels:
    """Replace the columns of the person by the mirrored streets left and right of it."""
    columns = np.flatnonzero(person.any(axis=0))
    if not len(columns):
        return pixels
    width = pixels.shape[1]
    left, right = max(0, int(columns[0]) - 3), min(width, int(columns[-1]) + 4)
    if max(left, width - right) < 8:  # no street beside the person: what is above it
        return pixels[: max(8, int(np.flatnonzero(person.any(1))[0]))]
    inside = np.arange(right - left)
    shares = np.clip((inside / max(1, right - left - 1) - 0.5) * 3 + 0.5, 0.0, 1.0)
    shares = np.where(left < 8, 1.0, np.where(width - right < 8, 0.0, shares))[:, None]
    from_left = pixels[:, left - 1 - _bounced(inside, max(1, left))]
    from_right = pixels[:, right % width + _bounced(inside[::-1], max(1, width - right))]
    filled = pixels.copy()
    filled[:, left:right] = from_left * (1.0 - shares) + from_right * shares
    return filled


def crop_to(picture: Pixels, rng: np.random.Generator, size: Size) -> Pixels:
    """A random part of the picture, at least a third of it, mirrored at random, scaled to `size`."""
    height, width = picture.shape[:2]
    aspect = size[0] / size[1]
    biggest = min(width, height * aspect)
    part_width = biggest * rng.uniform(0.34, 1.0)
    part_height = part_width / aspect
    left, top = rng.uniform(0, width - part_width), rng.uniform(0, height - part_height)
    image = Image.fromarray(picture).resize(
        size, Image.Resampling.BILINEAR, box=(left, top, left + part_width, top + part_height)
    )
    pixels = np.asarray(image)
    return pixels[:, ::-1] if rng.random() < 0.5 else pixels


def plain(rng: np.random.Generator, size: Size) -> Pixels:
    """A wall or studio: one colour with a soft gradient, often near white."""
    base = rng.uniform(225, 255) if rng.random() < 0.6 else rng.uniform(20, 225)
    colour = np.clip(base + rng.normal(0, 8, 3), 0, 255)
    corners = colour + rng.normal(0, 6, (2, 2, 1))
    image = Image.fromarray(np.clip(corners, 0, 255).astype(np.uint8))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR))


def texture(rng: np.random.Generator, size: Size) -> Pixels:
    """A generated surface: cloth, carpet, wood, tiles, stripes, creased sheet or noise."""
    maker = _TEXTURES[int(rng.integers(len(_TEXTURES)))]
    shade = maker(rng, size)
    low, high = _palette(rng)
    pixels = low + (high - low) * shade[..., None]
    pixels += rng.normal(0, rng.uniform(0, 5), (*shade.shape, 1))
    return np.asarray(np.clip(pixels, 0, 255), dtype=np.uint8)


def read_rgb(archive: zipfile.ZipFile, name: str) -> Pixels:
    with Image.open(BytesIO(archive.read(name))) as image:
        return np.asarray(image.convert("RGB"))


def read_labels(archive: zipfile.ZipFile, name: str) -> Pixels:
    """A palette picture's own values."""
    with Image.open(BytesIO(archive.read(name))) as image:
        return np.asarray(image)


Shade = NDArray[np.float64]
"""Shape (height, width), 0 to 1."""


def _clouds(rng: np.random.Generator, size: Size, octaves: int = 4) -> Shade:
    total = np.zeros((size[1], size[0]))
    weight = 0.0
    for octave in range(octaves):
        cells = 2 ** (octave + 1)
        grid = rng.random((cells + 1, cells + 1)).astype(np.float32)
        layer = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)
        total += np.asarray(layer) * 0.6**octave
        weight += 0.6**octave
    return np.clip(total / weight, 0, 1)


def _coordinates(rng: np.random.Generator, size: Size) -> tuple[Shade, Shade]:
    """Coordinates in units of the longest side, turned at random."""
    y, x = np.mgrid[: size[1], : size[0]] / max(size)
    angle = rng.uniform(0, np.pi)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def _carpet(rng: np.random.Generator, size: Size) -> Shade:
    return np.asarray(0.6 * _clouds(rng, size) + 0.4 * rng.random((size[1], size[0])))


def _stripes(rng: np.random.Generator, size: Size) -> Shade:
    u, _ = _coordinates(rng, size)
    return np.asarray((np.sin(2 * np.pi * u * rng.uniform(3, 30)) > rng.uniform(-0.6, 0.6)) * 1.0)


def _checks(rng: np.random.Generator, size: Size) -> Shade:
    u, v = _coordinates(rng, size)
    pitch = rng.uniform(3, 20)
    return np.asarray(
        0.5 * (np.sin(2 * np.pi * u * pitch) > 0) + 0.5 * (np.sin(2 * np.pi * v * pitch) > 0)
    )


def _wood(rng: np.random.Generator, size: Size) -> Shade:
    u, v = _coordinates(rng, size)
    boards = np.floor(v * rng.uniform(3, 10))
    tone = np.asarray(rng.random(64))[boards.astype(int) % 64]
    grain = np.sin(2 * np.pi * (v * rng.uniform(20, 60) + 0.6 * _clouds(rng, size) + tone))
    joints = np.abs(v * 6 - np.round(v * 6)) > 0.02
    return np.asarray((0.45 * tone + 0.2 * grain + 0.3 + 0.05 * np.sin(9 * u)).clip(0, 1) * joints)


def _tiles(rng: np.random.Generator, size: Size) -> Shade:
    u, v = _coordinates(rng, size)
    pitch = rng.uniform(3, 9)
    gap = rng.uniform(0.02, 0.08)
    inside = (np.abs(u * pitch - np.round(u * pitch)) > gap) & (
        np.abs(v * pitch - np.round(v * pitch)) > gap
    )
    return np.asarray(np.where(inside, 0.5 + 0.5 * _clouds(rng, size, 3), 0.1))


def _sheet(rng: np.random.Generator, size: Size) -> Shade:
    """A creased bed sheet: the slope of a smooth surface under light from one side."""
    surface = _clouds(rng, size, 5)
    slope = np.gradient(surface, axis=int(rng.integers(2))) * max(size) * rng.uniform(0.1, 0.3)
    return np.asarray((0.6 + slope).clip(0, 1))


_TEXTURES = (_clouds, _carpet, _carpet, _stripes, _checks, _wood, _wood, _tiles, _sheet, _sheet)


def _palette(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    base = rng.uniform(30, 235) + rng.normal(0, 22, 3)
    spread = rng.uniform(15, 110) * np.where(rng.random() < 0.5, 1, -1)
    return base, base + spread + rng.normal(0, 12, 3)


def _bounced(steps: NDArray[np.int_], length: int) -> NDArray[np.int_]:
    """`steps` walked from 0 within 0 to length - 1, turning at both ends."""
    place = steps % (2 * length)
    return np.asarray(np.where(place < length, place, 2 * length - 1 - place))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
